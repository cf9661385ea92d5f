using System.Security.Claims;

namespace IdentityProvider.ResourceServer;

/// <summary>Reads what an access token says of its bearer.</summary>
public static class AccessTokenClaims
{
    /// <summary>Whether the access token carries this scope. Scopes are compared byte for byte (RFC 6749 section 3.3).</summary>
    /// <param name="user">The caller.</param>
    /// <param name="scope">One scope, such as <c>notes.read</c>.</param>
    /// <returns>True when the <c>scope</c> claim, a list separated by spaces (RFC 9068 section 2.2.3), holds it.</returns>
    public static bool HasScope(this ClaimsPrincipal user, string scope)
    {
        ArgumentNullException.ThrowIfNull(user);

        return user.FindAll("scope")
            .SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Contains(scope, StringComparer.Ordinal);
    }
}
