using System.Security.Claims;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// Marks a caller of whom nobody said, or not in a way that can be read, what <c>roles</c>, <c>groups</c> or <c>entitlements</c> they have.
/// They have none for a guard; but a rule that refuses by a role must not take "not said" for "has none".
/// </summary>
internal sealed class UnknownGrants(IReadOnlyList<string> claims)
{
    public static void Mark(ClaimsIdentity identity, IReadOnlyList<string> claims) =>
        identity.BootstrapContext = claims.Count > 0 ? new UnknownGrants(claims) : null;

    public static bool Hold(ClaimsPrincipal user, string claim)
    {
        foreach (var identity in user.Identities)
        {
            var unknown = identity.BootstrapContext switch
            {
                UnknownGrants some => some.Has(claim),
                LeftOutPermissions => ClaimName.Grants.Contains(claim, StringComparer.Ordinal),
                _ => false,
            };
            if (unknown)
            {
                return true;
            }
        }

        return false;
    }

    private bool Has(string claim) => claims.Contains(claim, StringComparer.Ordinal);
}
