using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// Lets a caller through whose access token carries every one of these scopes (RFC 6749 section 3.3).
/// Goes on controllers, actions, minimal API handlers, hubs and methods of hubs.
/// </summary>
/// <param name="scopes">At least one scope; all are needed. Two attributes on one endpoint add up.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequireScopeAttribute(params string[] scopes) : AuthorizeAttribute, IAuthorizeData
{
    /// <summary>The scopes needed.</summary>
    public IReadOnlyList<string> Scopes { get; } = RequirementText.Check(scopes, "scope");

    string? IAuthorizeData.Policy
    {
        get => GuardPolicy.OfScopes(Scopes, Policy);
        set => Policy = value;
    }
}
