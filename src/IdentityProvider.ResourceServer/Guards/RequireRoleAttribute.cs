using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// Lets a caller through who has one of these roles: the <c>roles</c> of RFC 9068 section 2.2.3.1.
/// A role is the person's, a scope is what they let the client do: ask for both.
/// Goes on controllers, actions, minimal API handlers, hubs and methods of hubs.
/// </summary>
/// <param name="oneOf">At least one role; one of them is enough. Two attributes on one endpoint add up.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequireRoleAttribute(params string[] oneOf) : AuthorizeAttribute, IAuthorizeData
{
    /// <summary>The roles of which one is needed.</summary>
    public IReadOnlyList<string> OneOf { get; } = RequirementText.Check(oneOf, "role");

    string? IAuthorizeData.Policy
    {
        get => GuardPolicy.OfRoles(OneOf, Policy);
        set => Policy = value;
    }
}
