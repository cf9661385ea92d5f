using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// Lets a caller through who has one of these roles: the <c>roles</c> of RFC 9068 section 2.2.3.1.
/// Goes on controllers, actions, hubs and minimal API handlers.
/// </summary>
/// <param name="oneOf">At least one role; one of them is enough. Two attributes on one endpoint add up.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequireRoleAttribute(params string[] oneOf) : AuthorizeAttribute, IAuthorizationRequirementData
{
    private readonly RolesAuthorizationRequirement requirement = new(RequirementText.Check(oneOf, "role"));

    /// <summary>The roles of which one is needed.</summary>
    public IReadOnlyList<string> OneOf => [.. requirement.AllowedRoles];

    /// <inheritdoc />
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [requirement];
}
