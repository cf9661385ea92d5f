using System.Text.Json.Nodes;
using IdentityProvider.Permissions;
using IdentityProvider.Protocol;

namespace IdentityProvider.Scopes;

/// <summary>What a scope or a resource must be.</summary>
internal static class ScopeRules
{
    public const int LongestIdentifier = 400;

    private const int LongestScope = 200;
    private const int LongestText = 200;

    // What an account can hold (OpenID Connect Core §5.1). Everybody gets the subject.
    private static readonly string[] knownClaims =
        [.. StandardScopes.All.SelectMany(scope => scope.Claims).Where(claim => claim != ClaimNames.Subject)];

    public static MemberTable ScopeMembers { get; } = new(
        ("description", MemberKind.Text),
        ("resources", MemberKind.TextList),
        ("claims", MemberKind.TextList),
        (ClaimMappingRules.Member, MemberKind.List));

    public static MemberTable ResourceMembers { get; } = new(
        ("name", MemberKind.Text),
        ("clients", MemberKind.TextList),
        (ClaimMappingRules.Member, MemberKind.List),
        ("access_token_signed_response_alg", MemberKind.Text));

    /// <summary>Everything wrong with a scope.</summary>
    /// <param name="resources">Identifiers of the resources that exist.</param>
    public static IReadOnlyList<MetadataProblem> ProblemsOfScope(ScopeDraft draft, IReadOnlySet<string> resources) =>
        ScopeMembers.Check(draft.Members).ToList() is { Count: > 0 } wrongKinds ? wrongKinds : [.. CheckScope(draft, resources)];

    /// <summary>Everything wrong with a resource. Whether its clients exist is the caller's to know.</summary>
    public static IReadOnlyList<MetadataProblem> ProblemsOfResource(ScopeDraft draft) =>
        ResourceMembers.Check(draft.Members).ToList() is { Count: > 0 } wrongKinds ? wrongKinds : [.. CheckResource(draft)];

    // Of a scope whose members have the right kinds.
    private static IEnumerable<MetadataProblem> CheckScope(ScopeDraft draft, IReadOnlySet<string> resources)
    {
        // RFC 6749 §3.3
        if (draft.Key.Length is 0 or > LongestScope || draft.Key.Any(character => character is <= '\x20' or > '\x7e' or '"' or '\\'))
        {
            yield return new("name", $"A scope's name has 1 to {LongestScope} printable ASCII characters, and no space, quote or backslash.");
        }

        if (draft.Key == AdministrationResource.Scope)
        {
            yield return new("name", "This scope is this server's own and opens its administration: give yours another name.");
        }

        foreach (var problem in CheckText("description", draft.Members["description"]))
        {
            yield return problem;
        }

        foreach (var (path, value) in Items("resources", draft.Members["resources"]))
        {
            if (value == AdministrationResource.Identifier)
            {
                yield return new(path, $"Only the scope {AdministrationResource.Scope} opens this server's administration.");
            }
            else if (!resources.Contains(value))
            {
                yield return new(path, $"There is no resource \"{value}\".");
            }
        }

        foreach (var (path, value) in Items("claims", draft.Members["claims"]))
        {
            if (!knownClaims.Contains(value))
            {
                yield return new(path, $"There is no claim \"{value}\"; known are {string.Join(", ", knownClaims)}.");
            }
        }

        foreach (var problem in ClaimMappingRules.ProblemsOfScope(draft.Key, draft.Members[ClaimMappingRules.Member]))
        {
            yield return problem;
        }
    }

    private static IEnumerable<MetadataProblem> CheckResource(ScopeDraft draft)
    {
        // RFC 8707 §2
        if (draft.Key.Length > LongestIdentifier
            || draft.Key.Contains('#', StringComparison.Ordinal)
            || draft.Key.Any(character => character is <= '\x20' or > '\x7e')
            || draft.Key.StartsWith('/')
            || !Uri.TryCreate(draft.Key, UriKind.Absolute, out _))
        {
            yield return new("identifier", $"An identifier is an absolute URI of at most {LongestIdentifier} ASCII characters without a fragment.");
        }

        if (draft.Key == AdministrationResource.Identifier)
        {
            yield return new("identifier", "This resource is this server's own administration, which nothing declares.");
        }

        foreach (var problem in CheckText("name", draft.Members["name"]))
        {
            yield return problem;
        }

        if (draft.Members["access_token_signed_response_alg"]?.GetValue<string>() is { } algorithm && !SignatureAlgorithms.All.Contains(algorithm))
        {
            yield return new("access_token_signed_response_alg", $"This must be one of {string.Join(", ", SignatureAlgorithms.All)}.");
        }

        foreach (var problem in ClaimMappingRules.ProblemsOfResource(draft.Members[ClaimMappingRules.Member]))
        {
            yield return problem;
        }
    }

    private static IEnumerable<MetadataProblem> CheckText(string member, JsonNode? value)
    {
        if (value?.GetValue<string>() is { } text && (string.IsNullOrWhiteSpace(text) || text.Length > LongestText || text.Any(char.IsControl)))
        {
            yield return new(member, $"This has 1 to {LongestText} visible characters.");
        }
    }

    private static IEnumerable<(string Path, string Value)> Items(string member, JsonNode? list) =>
        list is null ? [] : list.AsArray().Select((item, index) => ($"{member}[{index}]", item!.GetValue<string>()));
}
