using IdentityProvider.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Scopes;

/// <summary>
/// Scopes (RFC 6749 §3.3, OpenID Connect Core §5.4) and the resources they open (RFC 8707).
/// Rows: Scope, ApiResource. Every other part reads them from <see cref="ScopeCatalog"/>.
/// </summary>
internal static class ScopesFeature
{
    public static IServiceCollection AddScopes(this IServiceCollection services) => services
        .AddChangeWatch()
        .AddSingleton<ScopeCatalog>()
        .AddSingleton<ScopeComparison>()
        .AddScoped<ScopeRegistry>();
}
