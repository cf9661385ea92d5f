using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Declarations;

/// <summary>
/// The declaration file: clients, scopes, resources, roles, people and groups as JSON, applied at start (<c>IdentityProvider:Declarations</c>)
/// and by the command <c>apply</c>. Rows: DeclaredEntry, one per row that a file has declared. See docs/declarations.md.
/// </summary>
internal static class DeclarationsFeature
{
    public static IServiceCollection AddDeclarations(this IServiceCollection services) => services
        .AddSingleton<DeclarationsAtStart>()
        .AddSingleton<DeclaredState>()
        .AddSingleton<FileOfLastStart>()
        .AddSingleton<DeclaredAccess>()
        .AddScoped<DeclarationFile>()
        .AddScoped<DeclaredSections>()
        .AddScoped<DeclaredNames>()
        .AddScoped<DeclaredPermissions>()
        .AddScoped<DeclaredPolicies>()
        .AddScoped<DeclaredRoles>()
        .AddScoped<DeclaredHolders>()
        .AddScoped<RaisedAccounts>()
        .AddScoped<DeclaredClientRoles>()
        .AddScoped<DeclaredGroups>()
        .AddScoped<DeclaredScopes>()
        .AddScoped<DeclaredClients>()
        .AddScoped<DeclaredPeople>()
        .AddScoped<Pruning>()
        .AddScoped<DeclarationAftermath>();
}
