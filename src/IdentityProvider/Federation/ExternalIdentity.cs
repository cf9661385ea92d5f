using System.Security.Claims;
using IdentityProvider.Data;
using IdentityProvider.Users;

namespace IdentityProvider.Federation;

/// <summary>A person as an upstream provider describes them.</summary>
/// <param name="Login">The provider and its own identifier of the person.</param>
/// <param name="Email">The address, whether or not it is theirs.</param>
/// <param name="EmailVerified">Whether the provider said, in so many words, that it verified the address.</param>
internal sealed record ExternalIdentity(ExternalLogin Login, string? Email, bool EmailVerified, UserProfile Profile)
{
    // OpenID Connect Core §5.1; the library maps neither.
    public const string EmailVerifiedClaim = "email_verified";
    public const string PictureClaim = "picture";

    private const int MaximumKey = 255;
    private const int MaximumText = 2048;

    /// <summary>The address, if it can be trusted to be the person's own.</summary>
    public string? VerifiedEmail => EmailVerified && Email is not null && UserRules.AddressProblem(Email) is null ? Email : null;

    /// <summary>Reads the claims of the provider's answer; null when they do not say who it is.</summary>
    public static ExternalIdentity? From(ClaimsPrincipal principal, ExternalProvider provider)
    {
        var key = principal.FindFirstValue(ClaimTypes.NameIdentifier);
        if (string.IsNullOrEmpty(key) || key.Length > MaximumKey || key.Any(char.IsControl))
        {
            return null;
        }

        // Absent, null, "false", 0 or anything else is not verified.
        var verified = string.Equals(principal.FindFirstValue(EmailVerifiedClaim), "true", StringComparison.OrdinalIgnoreCase);
        return new(
            new ExternalLogin(provider.Name, key, provider.DisplayName),
            TextOf(ClaimTypes.Email),
            verified,
            new UserProfile
            {
                Name = TextOf(ClaimTypes.Name),
                GivenName = TextOf(ClaimTypes.GivenName),
                FamilyName = TextOf(ClaimTypes.Surname),
                Picture = TextOf(PictureClaim),
            });

        // What cannot be stored is left out: a person's picture must not keep them from signing in.
        string? TextOf(string type) =>
            principal.FindFirstValue(type) is { Length: <= MaximumText } text && !text.Any(char.IsControl) ? text : null;
    }
}
