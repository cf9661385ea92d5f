using System.Security.Claims;

namespace IdentityProvider.ResourceServer;

/// <summary>The caller, as the access token describes them.</summary>
public sealed class AccessSubject
{
    private readonly ClaimsPrincipal user;

    internal AccessSubject(ClaimsPrincipal user) => this.user = user;

    /// <summary>The <c>sub</c>; null when there is no single one.</summary>
    public string? Id => user.GetSubject();

    /// <summary>The client that holds the token.</summary>
    public string? ClientId => Claim(ClaimName.ClientId);

    /// <summary>How the person signed in, by <c>acr</c>.</summary>
    public string? AuthenticationContext => Claim(ClaimName.AuthenticationContext);

    /// <summary>When the person signed in, by <c>auth_time</c>; null when the token does not say.</summary>
    public DateTimeOffset? AuthenticatedAt =>
        user.AuthenticationTime() is { } seconds && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>The value of a claim.</summary>
    /// <param name="name">Its name on the wire.</param>
    /// <returns>Null when there is none, or more than one.</returns>
    /// <exception cref="InvalidOperationException">It is one of roles, groups and entitlements, and not known.</exception>
    public string? Claim(string name) => Known(name).Single(name)?.Value;

    /// <summary>The values of a claim, in the order of the token.</summary>
    /// <param name="name">Its name on the wire.</param>
    /// <returns>Empty when there is none.</returns>
    /// <exception cref="InvalidOperationException">It is one of roles, groups and entitlements, and not known.</exception>
    public IEnumerable<string> Claims(string name) => Known(name).Claims.Where(claim => string.Equals(claim.Type, name, StringComparison.Ordinal)).Select(claim => claim.Value);

    /// <summary>Whether the caller has this role.</summary>
    /// <param name="role">A role of the <c>roles</c> claim.</param>
    /// <returns>True when they have it.</returns>
    /// <exception cref="InvalidOperationException">
    /// Nobody said what roles the caller has, which is not the same as none. A rule that does not catch it refuses.
    /// </exception>
    public bool HasRole(string role) => Known(ClaimName.Roles).Holds(ClaimName.Roles, role);

    /// <summary>Whether the caller has this permission.</summary>
    /// <param name="permission">A permission of the <c>entitlements</c> claim.</param>
    /// <returns>True when they have it.</returns>
    /// <exception cref="InvalidOperationException">
    /// Nobody said what permissions the caller has, which is not the same as none. A rule that does not catch it refuses.
    /// </exception>
    public bool HasPermission(string permission) => Known(ClaimName.Entitlements).HasPermission(permission);

    /// <summary>Whether the access token carries this scope.</summary>
    /// <param name="scope">One scope.</param>
    /// <returns>True when it does.</returns>
    public bool HasScope(string scope) => user.HasScope(scope);

    internal ClaimsPrincipal User => user;

    private ClaimsPrincipal Known(string claim) =>
        UnknownGrants.Hold(user, claim) ? throw new InvalidOperationException($"The {claim} of the caller are not known.") : user;
}
