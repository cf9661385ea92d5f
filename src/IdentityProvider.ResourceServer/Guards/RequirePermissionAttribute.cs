using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// Lets a caller through who has every one of these permissions at this API: the <c>entitlements</c> of RFC 9068 section 2.2.3.1.
/// Goes on controllers, actions, hubs and minimal API handlers.
/// </summary>
/// <param name="permissions">At least one permission; all are needed. Two attributes on one endpoint add up.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequirePermissionAttribute(params string[] permissions) : AuthorizeAttribute, IAuthorizationRequirementData
{
    private readonly RequiredPermissions requirement = new(permissions);

    /// <summary>The permissions needed.</summary>
    public IReadOnlyList<string> Permissions => requirement.Permissions;

    /// <inheritdoc />
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [requirement];
}
