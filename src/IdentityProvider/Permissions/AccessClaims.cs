using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace IdentityProvider.Permissions;

/// <summary>Access as claims (RFC 9068 §2.2.3.1, RFC 7643 §4.1.2): always all three, and always arrays, so that an empty one says that there is nothing.</summary>
internal static class AccessClaims
{
    public const string Roles = "roles";
    public const string Groups = "groups";
    public const string Entitlements = "entitlements";

    /// <summary>The three claims with their values.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<string> Values)> Of(EffectiveAccess access) =>
        [(Roles, access.Roles), (Groups, access.Groups), (Entitlements, access.Permissions)];

    /// <summary>Puts them into a token, or nothing at all where they are larger than that.</summary>
    public static void Add(ClaimsIdentity token, EffectiveAccess access, int largest)
    {
        var claims = Of(access).Select(claim => new Claim(claim.Name, JsonSerializer.Serialize(claim.Values), JsonClaimValueTypes.JsonArray)).ToList();
        if (claims.Sum(claim => claim.Type.Length + Encoding.UTF8.GetByteCount(claim.Value)) <= largest)
        {
            token.AddClaims(claims);
        }
    }
}
