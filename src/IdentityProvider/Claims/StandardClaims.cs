using System.Text.Json;
using System.Text.Json.Serialization;
using IdentityProvider.Data;
using OpenIddict.Abstractions;

namespace IdentityProvider.Claims;

/// <summary>The standard claims of a person (OpenID Connect Core §5.1), with the JSON types the specification wants.</summary>
internal static class StandardClaims
{
    private static readonly JsonSerializerOptions WithoutNulls = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Every standard claim this server can release.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        ClaimNames.Subject, ClaimNames.Name, ClaimNames.GivenName, ClaimNames.FamilyName, ClaimNames.MiddleName, ClaimNames.Nickname,
        ClaimNames.PreferredUsername, ClaimNames.Profile, ClaimNames.Picture, ClaimNames.Website, ClaimNames.Email,
        ClaimNames.EmailVerified, ClaimNames.Gender, ClaimNames.Birthdate, ClaimNames.Zoneinfo, ClaimNames.Locale,
        ClaimNames.PhoneNumber, ClaimNames.PhoneNumberVerified, ClaimNames.Address, ClaimNames.UpdatedAt,
    ];

    /// <summary>The value of one claim of a person; null when it is unknown, and then it is left out (§5.3.2), never sent as null or empty.</summary>
    public static OpenIddictParameter? Find(User user, string claim) => claim switch
    {
        ClaimNames.Name => Text(user.Profile.Name),
        ClaimNames.GivenName => Text(user.Profile.GivenName),
        ClaimNames.FamilyName => Text(user.Profile.FamilyName),
        ClaimNames.MiddleName => Text(user.Profile.MiddleName),
        ClaimNames.Nickname => Text(user.Profile.Nickname),
        ClaimNames.PreferredUsername => Text(user.Profile.PreferredUsername ?? user.UserName),
        ClaimNames.Profile => Text(user.Profile.Profile),
        ClaimNames.Picture => Text(user.Profile.Picture),
        ClaimNames.Website => Text(user.Profile.Website),
        ClaimNames.Gender => Text(user.Profile.Gender),
        ClaimNames.Birthdate => Text(user.Profile.Birthdate),
        ClaimNames.Zoneinfo => Text(user.Profile.Zoneinfo),
        ClaimNames.Locale => Text(user.Profile.Locale),
        ClaimNames.Email => Text(user.Email),
        ClaimNames.EmailVerified when !string.IsNullOrEmpty(user.Email) => new OpenIddictParameter(user.EmailConfirmed),
        ClaimNames.PhoneNumber => Text(user.PhoneNumber),
        ClaimNames.PhoneNumberVerified when !string.IsNullOrEmpty(user.PhoneNumber) => new OpenIddictParameter(user.PhoneNumberConfirmed),
        ClaimNames.UpdatedAt => new OpenIddictParameter(new DateTimeOffset(user.UpdatedAt).ToUnixTimeSeconds()),
        ClaimNames.Address => Address(user.Profile.Address),
        _ => null,
    };

    private static OpenIddictParameter? Text(string? value) => string.IsNullOrEmpty(value) ? (OpenIddictParameter?)null : new OpenIddictParameter(value);

    private static OpenIddictParameter? Address(PostalAddress? address)
    {
        var members = JsonSerializer.SerializeToElement(address, WithoutNulls);
        return members.ValueKind == JsonValueKind.Object && members.EnumerateObject().Any() ? new OpenIddictParameter(members) : (OpenIddictParameter?)null;
    }
}
