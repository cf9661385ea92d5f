using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace IdentityProvider.ResourceServer;

/// <summary>Guards: what a caller must bring before the handler runs.</summary>
/// <remarks>
/// They add up, and each also requires a good access token. A caller without one is answered with 401, a caller whom a guard refuses
/// with 403, except that a sign-in that is too weak or too old is a 401 that says how to sign in again (RFC 9470).
/// </remarks>
public static class GuardExtensions
{
    /// <summary>Requires every one of these scopes of the access token (RFC 6749 section 3.3).</summary>
    /// <param name="endpoint">The endpoint or group of endpoints.</param>
    /// <param name="scopes">At least one scope; all are needed.</param>
    /// <returns>The same endpoint.</returns>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(new RequireScopeAttribute(scopes));

    /// <summary>Requires every one of these permissions, the <c>entitlements</c> of the access token (RFC 9068 section 2.2.3.1).</summary>
    /// <param name="endpoint">The endpoint or group of endpoints.</param>
    /// <param name="permissions">At least one permission, such as <c>posts.delete</c>; all are needed.</param>
    /// <returns>The same endpoint.</returns>
    /// <remarks>A permission is the person's, a scope is what they let the client do: ask for both.</remarks>
    /// <example><code>app.MapDelete("/posts/{id}", (int id) => …).RequireScope("posts.write").RequirePermission("posts.delete");</code></example>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder endpoint, params string[] permissions)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(new RequirePermissionAttribute(permissions));

    /// <summary>Requires one of these roles, the <c>roles</c> of the access token (RFC 9068 section 2.2.3.1).</summary>
    /// <param name="endpoint">The endpoint or group of endpoints.</param>
    /// <param name="oneOf">At least one role; one of them is enough, as with ASP.NET Core's own policies.</param>
    /// <returns>The same endpoint.</returns>
    public static TBuilder RequireRole<TBuilder>(this TBuilder endpoint, params string[] oneOf)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(new RequireRoleAttribute(oneOf));

    /// <summary>Requires a sign-in that was strong and fresh enough (RFC 9470).</summary>
    /// <param name="endpoint">The endpoint or group of endpoints.</param>
    /// <param name="acr">Values of <c>acr</c>, the preferred one first, separated by spaces; one of them is needed. Null: any.</param>
    /// <param name="maxAge">How long ago the person may have signed in (<c>auth_time</c>), in whole seconds. Null: any time ago.</param>
    /// <returns>The same endpoint.</returns>
    /// <exception cref="ArgumentException">Neither is given.</exception>
    public static TBuilder RequireAuthenticationContext<TBuilder>(this TBuilder endpoint, string? acr = null, TimeSpan? maxAge = null)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(policy => policy.RequireAuthenticationContext(acr, maxAge));

    /// <summary>Requires every one of these scopes in a policy that asks for other things too.</summary>
    /// <param name="policy">The policy being built.</param>
    /// <param name="scopes">At least one scope; all are needed.</param>
    /// <returns>The same policy.</returns>
    public static AuthorizationPolicyBuilder RequireScope(this AuthorizationPolicyBuilder policy, params string[] scopes) =>
        Require(policy, new RequiredScopes(scopes));

    /// <summary>Requires every one of these permissions in a policy that asks for other things too.</summary>
    /// <param name="policy">The policy being built.</param>
    /// <param name="permissions">At least one permission; all are needed.</param>
    /// <returns>The same policy.</returns>
    public static AuthorizationPolicyBuilder RequirePermission(this AuthorizationPolicyBuilder policy, params string[] permissions) =>
        Require(policy, new RequiredPermissions(permissions));

    /// <summary>Requires a sign-in that was strong and fresh enough, in a policy that asks for other things too (RFC 9470).</summary>
    /// <param name="policy">The policy being built.</param>
    /// <param name="acr">Values of <c>acr</c>, the preferred one first, separated by spaces; one of them is needed. Null: any.</param>
    /// <param name="maxAge">How long ago the person may have signed in (<c>auth_time</c>), in whole seconds. Null: any time ago.</param>
    /// <returns>The same policy.</returns>
    /// <exception cref="ArgumentException">Neither is given.</exception>
    public static AuthorizationPolicyBuilder RequireAuthenticationContext(this AuthorizationPolicyBuilder policy, string? acr = null, TimeSpan? maxAge = null) =>
        Require(policy, new RequiredAuthenticationContext(acr, maxAge));

    private static AuthorizationPolicyBuilder Require(AuthorizationPolicyBuilder policy, IAuthorizationRequirement requirement)
    {
        ArgumentNullException.ThrowIfNull(policy);

        return policy.RequireAuthenticatedUser().AddRequirements(requirement);
    }
}
