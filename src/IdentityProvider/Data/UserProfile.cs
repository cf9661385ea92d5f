using System.Text.Json.Serialization;

namespace IdentityProvider.Data;

/// <summary>Standard claims of a person (OpenID Connect Core §5.1), under their names on the wire. Absent means unknown.</summary>
internal sealed record UserProfile
{
    [JsonPropertyName("name")] public string? Name { get; init; }
    [JsonPropertyName("given_name")] public string? GivenName { get; init; }
    [JsonPropertyName("family_name")] public string? FamilyName { get; init; }
    [JsonPropertyName("middle_name")] public string? MiddleName { get; init; }
    [JsonPropertyName("nickname")] public string? Nickname { get; init; }
    [JsonPropertyName("preferred_username")] public string? PreferredUsername { get; init; }
    [JsonPropertyName("profile")] public string? Profile { get; init; }
    [JsonPropertyName("picture")] public string? Picture { get; init; }
    [JsonPropertyName("website")] public string? Website { get; init; }
    [JsonPropertyName("gender")] public string? Gender { get; init; }
    [JsonPropertyName("birthdate")] public string? Birthdate { get; init; }
    [JsonPropertyName("zoneinfo")] public string? Zoneinfo { get; init; }
    [JsonPropertyName("locale")] public string? Locale { get; init; }
    [JsonPropertyName("address")] public PostalAddress? Address { get; init; }
}

/// <summary>The <c>address</c> claim (OpenID Connect Core §5.1.1).</summary>
internal sealed record PostalAddress
{
    [JsonPropertyName("formatted")] public string? Formatted { get; init; }
    [JsonPropertyName("street_address")] public string? StreetAddress { get; init; }
    [JsonPropertyName("locality")] public string? Locality { get; init; }
    [JsonPropertyName("region")] public string? Region { get; init; }
    [JsonPropertyName("postal_code")] public string? PostalCode { get; init; }
    [JsonPropertyName("country")] public string? Country { get; init; }
}
