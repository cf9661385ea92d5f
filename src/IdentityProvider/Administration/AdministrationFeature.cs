using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Administration;

/// <summary>
/// This server administered over HTTP, by people and machines that hold its own permissions (<c>Permissions/AdministrationPermission</c>).
/// Endpoints: /admin/v1/…, all of them in <see cref="Operations"/>. Tokens: our own (RFC 9068, RFC 6750), for the resource
/// <c>urn:identityprovider:administration</c> alone and with the scope <c>administration</c>; what their holder may do is read for each request.
/// Errors: RFC 9457. Rows: none of its own.
/// </summary>
internal static class AdministrationFeature
{
    public static IServiceCollection AddAdministration(this IServiceCollection services) => services
        .AddScoped<PresentedToken>()
        .AddScoped<Changes>()
        .AddScoped<ClientReading>()
        .AddScoped<ClientWriting>()
        .AddScoped<UserReading>()
        .AddScoped<UserWriting>()
        .AddScoped<SessionOperations>()
        .AddScoped<ResourceReading>()
        .AddScoped<RoleReading>()
        .AddScoped<HolderReading>()
        .AddScoped<RoleGranting>()
        .AddScoped<PreviewReading>()
        .AddScoped<KeyOperations>()
        .AddScoped<AuditReading>();

    public static OpenIddictServerBuilder UseAdministration(this OpenIddictServerBuilder server) => server
        .Add(IssueToAdministrators.Descriptor);
}
