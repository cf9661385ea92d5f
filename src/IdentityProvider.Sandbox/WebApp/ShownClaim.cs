using System.Globalization;
using System.Security.Claims;

namespace IdentityProvider.Sandbox.WebApp;

/// <summary>A claim as the table shows it.</summary>
/// <param name="Note">What a number means, where it is a moment.</param>
internal sealed record ShownClaim(string Type, string Value, string? Note)
{
    private static readonly HashSet<string> protocol = new(StringComparer.Ordinal)
    {
        "iss", "aud", "azp", "exp", "iat", "nbf", "jti", "auth_time", "amr", "acr", "sid",
    };

    private static readonly HashSet<string> moments = new(StringComparer.Ordinal) { "exp", "iat", "nbf", "auth_time", "updated_at" };

    /// <summary>What the claims say of the person, and what they say of the sign-in.</summary>
    public static (IReadOnlyList<ShownClaim> Person, IReadOnlyList<ShownClaim> SignIn) Of(ClaimsPrincipal user)
    {
        var groups = user.Claims.ToLookup(claim => protocol.Contains(claim.Type), From);
        return ([.. groups[false]], [.. groups[true]]);
    }

    private static ShownClaim From(Claim claim) => new(
        claim.Type,
        // ASP.NET Core writes the JSON values true and false as .NET does.
        claim.Value is "True" or "False" ? claim.Value.ToLowerInvariant() : claim.Value,
        moments.Contains(claim.Type) && long.TryParse(claim.Value, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
            : null);
}
