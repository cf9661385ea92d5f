using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// Lets a caller through who has every one of these permissions at this API: the <c>entitlements</c> of RFC 9068 section 2.2.3.1.
/// A permission is the person's, a scope is what they let the client do: ask for both.
/// Goes on controllers, actions, minimal API handlers, hubs and methods of hubs.
/// </summary>
/// <param name="permissions">At least one permission; all are needed. Two attributes on one endpoint add up.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequirePermissionAttribute(params string[] permissions) : AuthorizeAttribute, IAuthorizeData
{
    /// <summary>The permissions needed.</summary>
    public IReadOnlyList<string> Permissions { get; } = RequirementText.Check(permissions, "permission");

    string? IAuthorizeData.Policy
    {
        get => GuardPolicy.OfPermissions(Permissions, Policy);
        set => Policy = value;
    }
}
