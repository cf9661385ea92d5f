using IdentityProvider.Configuration;
using IdentityProvider.Jobs;
using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Permissions;

/// <summary>
/// Who may do what at which API: resources own permissions, roles grant them and inherit from each other, groups bring roles to people and clients.
/// In tokens: <c>roles</c>, <c>groups</c> and <c>entitlements</c> (RFC 9068 §2.2.3.1). Rows: Permission, RolePermission, RoleInheritance, RoleConflict, Group, GroupRole,
/// GroupUser, GroupClient, ClientRole, beside Data's Role and UserRole. Without rows: this server's own resource, its permissions and roles
/// (<see cref="AdministrationResource"/>, <see cref="BuiltInRole"/>). Options: IdentityProvider:Permissions.
/// </summary>
internal static class PermissionsFeature
{
    public static IServiceCollection AddPermissions(this IServiceCollection services)
    {
        services.AddSettings<PermissionOptions>(PermissionOptions.Section);
        return services
            .AddChangeWatch()
            .AddSingleton<AccessCatalog>()
            .AddSingleton<AccessHolders>()
            .AddSingleton<AccessReach>()
            .AddSingleton<AccessComparison>()
            .AddScoped<ResourcePermissions>()
            .AddScoped<RoleGrants>()
            .AddScoped<GroupRegistry>()
            .AddScoped<ClientRoles>()
            .AddScoped<RoleAssignments>();
    }

    public static OpenIddictServerBuilder UsePermissions(this OpenIddictServerBuilder server) => server
        .Configure(static options => options.TokenValidationParameters.TryReadJwtClaim = PresentedAccess.PassOver)
        .Add(AddAccessClaims.Descriptor); // RFC 9068 §2.2.3.1
}
