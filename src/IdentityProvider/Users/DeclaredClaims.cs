using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Users;

/// <summary>The claims a declaration names, checked for type, laid over what an account has.</summary>
internal sealed class DeclaredClaims
{
    private const int MaximumText = 2048;
    private const int MaximumPhoneNumber = 64;

    private static readonly string[] AddressMembers = NamesOf<PostalAddress>();
    private static readonly string[] ProfileMembers = NamesOf<UserProfile>();

    private readonly JsonObject claims;

    private DeclaredClaims(JsonObject claims) => this.claims = claims;

    /// <summary>Every name that a declaration may use for a claim; <c>sub</c> is beside them.</summary>
    public static IReadOnlyCollection<string> Names { get; } =
        [.. ProfileMembers, UserMembers.Email, UserMembers.EmailVerified, UserMembers.PhoneNumber, UserMembers.PhoneNumberVerified];

    public static DeclaredClaims Read(JsonObject claims, List<UserProblem> problems)
    {
        foreach (var (name, value) in claims)
        {
            switch (name)
            {
                case UserMembers.EmailVerified or UserMembers.PhoneNumberVerified:
                    Expect(name, value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False, "Write true or false.", problems);
                    break;
                case "address":
                    ReadAddress(value, problems);
                    break;
                case var _ when Names.Contains(name):
                    ReadText(name, value, problems);
                    break;
                default:
                    problems.Add(new(name, $"There is no claim {name}; known are {string.Join(", ", Names)}."));
                    break;
            }
        }

        return new(claims);
    }

    /// <summary>The account's address and whether it is verified, with what is named here laid over it.</summary>
    public (string? Address, bool Verified) Email(string? address, bool verified) =>
        Verifiable(UserMembers.Email, UserMembers.EmailVerified, address, verified, StringComparison.OrdinalIgnoreCase);

    public (string? Number, bool Verified) PhoneNumber(string? number, bool verified) =>
        Verifiable(UserMembers.PhoneNumber, UserMembers.PhoneNumberVerified, number, verified, StringComparison.Ordinal);

    public UserProfile Profile(UserProfile profile)
    {
        var merged = JsonSerializer.SerializeToNode(profile, ColumnJson.Default.UserProfile)!.AsObject();
        foreach (var name in ProfileMembers.Where(claims.ContainsKey))
        {
            merged[name] = claims[name]?.DeepClone();
        }

        return merged.Deserialize(ColumnJson.Default.UserProfile)!;
    }

    /// <summary>Lays what is named here over an account.</summary>
    /// <returns>Whether that changed anything.</returns>
    public bool LayOver(User user, ILookupNormalizer normalizer)
    {
        var before = (user.Email, user.EmailConfirmed, user.PhoneNumber, user.PhoneNumberConfirmed, user.Profile);
        (user.Email, user.EmailConfirmed) = Email(user.Email, user.EmailConfirmed);
        user.NormalizedEmail = normalizer.NormalizeEmail(user.Email);
        (user.PhoneNumber, user.PhoneNumberConfirmed) = PhoneNumber(user.PhoneNumber, user.PhoneNumberConfirmed);
        var profile = Profile(user.Profile);
        if (profile != user.Profile)
        {
            user.Profile = profile;
        }

        return before != (user.Email, user.EmailConfirmed, user.PhoneNumber, user.PhoneNumberConfirmed, user.Profile);
    }

    // A verification is of one address: a new address that nobody called verified is not.
    private (string?, bool) Verifiable(string member, string verifiedMember, string? value, bool verified, StringComparison comparison)
    {
        var named = claims.TryGetPropertyValue(member, out var node);
        var text = named ? (string?)node : value;
        var flag = claims.TryGetPropertyValue(verifiedMember, out var flagNode)
            ? (bool?)flagNode == true
            : verified && string.Equals(text, value, comparison);
        return (text, text is not null && flag);
    }

    private static void ReadAddress(JsonNode? value, List<UserProblem> problems)
    {
        if (value is JsonObject address)
        {
            foreach (var (name, part) in address)
            {
                Expect("address." + name, AddressMembers.Contains(name), $"There is no part {name} of an address; known are {string.Join(", ", AddressMembers)}.", problems);
                ReadText("address." + name, part, problems);
            }
        }
        else
        {
            Expect("address", value is null, "Write an object, as in OpenID Connect Core section 5.1.1.", problems);
        }
    }

    private static void ReadText(string member, JsonNode? value, List<UserProblem> problems)
    {
        if (value is null)
        {
            return;
        }

        if (value.GetValueKind() != JsonValueKind.String)
        {
            problems.Add(new(member, "Write a text in quotes."));
            return;
        }

        var text = value.GetValue<string>();
        var maximum = member == UserMembers.PhoneNumber ? MaximumPhoneNumber : MaximumText;
        Expect(member, text.Length <= maximum, $"This is too long: use at most {maximum} characters.", problems);
        Expect(member, !text.Contains('\0', StringComparison.Ordinal), "No text has a null character.", problems);
        if (member == UserMembers.Email && UserRules.AddressProblem(text) is { } problem)
        {
            problems.Add(new(member, problem));
        }
    }

    private static void Expect(string member, bool fulfilled, string message, List<UserProblem> problems)
    {
        if (!fulfilled)
        {
            problems.Add(new(member, message));
        }
    }

    private static string[] NamesOf<T>() =>
        [.. typeof(T).GetProperties().Select(property => property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name).OfType<string>()];
}
