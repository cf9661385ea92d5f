using System.Collections.Frozen;
using IdentityProvider.Extensibility;

namespace IdentityProvider.Protocol;

/// <summary>
/// Claims with a meaning in the protocols: whoever made one up could pass for somebody else, for another server, or for more than was granted
/// (RFC 7519 §4.1, OpenID Connect Core §2, RFC 9068 §2.2, RFC 8693 §4, RFC 7800 §3.1, RFC 7662 §2.2, RFC 9396 §9.1, logout tokens).
/// </summary>
internal static class ReservedClaims
{
    // Ignoring case, as many libraries look claims up; and with the names by which many APIs read roles and scopes.
    private static readonly FrozenSet<string> names = new[]
    {
        ClaimNames.Issuer, ClaimNames.Subject, ClaimNames.Audience, ClaimNames.ExpiresAt, ClaimNames.NotBefore, ClaimNames.IssuedAt, ClaimNames.JwtId,
        ClaimNames.ClientId, ClaimNames.Scope, ClaimNames.AuthorizedParty, ClaimNames.Nonce, ClaimNames.AuthenticationTime,
        ClaimNames.AuthenticationContextReference, ClaimNames.AuthenticationMethodReference, ClaimNames.AccessTokenHash, ClaimNames.CodeHash, "s_hash",
        "sid", "act", "may_act", "cnf", "events", "authorization_details", "sub_id", "sub_jwk",
        "roles", "groups", "entitlements", ClaimNames.Role, "scp", "permissions", "wids",
        ClaimNames.Username, "nameid", "unique_name", "upn",
        ClaimNames.Active, ClaimNames.TokenType, ClaimNames.TokenUsage, "token_introspection", "_claim_names", "_claim_sources",
        ClaimNames.EmailVerified, ClaimNames.PhoneNumberVerified,
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Claim types of .NET, which many APIs there read as the person's id and roles when they stand in a token by their long names.
    private static readonly string[] prefixes = [ClaimNames.Prefixes.Private, "http://schemas.microsoft.com/", "http://schemas.xmlsoap.org/"];

    public static bool Contains(string claim) =>
        names.Contains(claim) || Array.Exists(prefixes, prefix => claim.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <param name="source">Who made the claim.</param>
    /// <exception cref="ReservedClaimException">The claim is reserved.</exception>
    public static void Refuse(ContributedClaim claim, string source)
    {
        if (Contains(claim.Name))
        {
            throw new ReservedClaimException(
                $"{source} returned the claim \"{claim.Name}\", which is reserved: only the server itself says it. Give yours another name.");
        }
    }
}
