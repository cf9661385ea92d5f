using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Protocol;

namespace IdentityProvider.Scopes;

/// <summary>What a claim mapping must be. It hangs on a scope or on a resource, so that who allowed that allowed the claim.</summary>
internal static class ClaimMappingRules
{
    public const string Member = "claim_mappings";

    /// <summary>Characters of all mappings of one scope or resource together.</summary>
    public const int LongestList = 16 * 1024;

    private const int Most = 50;
    private const int LongestClaim = 200;
    private const int LongestPrefix = 100;
    private const int MostValues = 100;

    private static readonly string[] claimsOfPeople =
        [.. StandardScopes.All.SelectMany(scope => scope.Claims).Where(claim => claim != ClaimNames.Subject)];

    // Never the subject: a client may know the person by another one (OpenID Connect Core §8).
    public static IReadOnlyList<string> Sources { get; } =
    [
        .. claimsOfPeople.Select(claim => "user." + claim),
        .. new[] { "formatted", "street_address", "locality", "region", "postal_code", "country" }.Select(part => "user.address." + part),
        "user.username", "roles", "groups", "client.client_id", "client.client_name", "client.client_uri", "client.contacts",
    ];

    public static MemberTable Members { get; } = new(
        (ClaimMappings.Claim, MemberKind.Text), (ClaimMappings.From, MemberKind.Text), (ClaimMappings.Value, MemberKind.Any),
        (ClaimMappings.In, MemberKind.TextList), (ClaimMappings.Type, MemberKind.Text), (ClaimMappings.Clients, MemberKind.TextList),
        (ClaimMappings.Lowercase, MemberKind.Flag), (ClaimMappings.Prefix, MemberKind.Text), (ClaimMappings.Values, MemberKind.Entry));

    public static IEnumerable<MetadataProblem> ProblemsOfScope(string scope, JsonNode? list) =>
        ProblemsOf(list, ClaimMappings.Targets.Keys, mapping => mapping.Source switch
        {
            MappingSource.User or MappingSource.Roles or MappingSource.Groups when scope is KnownScopes.OpenId or KnownScopes.OfflineAccess =>
                $"Nobody is asked what {scope} may tell of them: bind this to a scope with a description, or to a resource.",
            // What somebody may do at an API is told to that API alone; beyond it only what is named here.
            MappingSource.Roles or MappingSource.Groups when mapping.Values is null =>
                "A scope tells only of the roles and groups that \"values\" names; at a resource it may be left out.",
            _ => null,
        });

    public static IEnumerable<MetadataProblem> ProblemsOfResource(JsonNode? list) =>
        ProblemsOf(list, ["access_token", "introspection"], static _ => null);

    private static List<MetadataProblem> ProblemsOf(JsonNode? list, IReadOnlyCollection<string> targets, Func<ClaimMapping, string?> check)
    {
        if (list is not JsonArray entries)
        {
            return [];
        }

        if (Length(entries) is not { } length)
        {
            return [new(Member, "A text here has half of a surrogate pair (RFC 8259 section 8.2).")];
        }

        if (entries.Count > Most || length > LongestList)
        {
            return [new(Member, $"There may be {Most} mappings here, of {LongestList} characters together.")];
        }

        var problems = new List<MetadataProblem>();
        var mappings = new List<ClaimMapping>();
        for (var index = 0; index < entries.Count; index++)
        {
            var path = $"{Member}[{index}]";
            var found = Problems(entries[index], targets);
            if (found.Count == 0)
            {
                var mapping = ClaimMappings.Read(JsonSerializer.SerializeToElement(entries[index]));
                if (check(mapping) is { } sentence)
                {
                    found.Add(new(ClaimMappings.From, sentence));
                }
                else if (mappings.Exists(other => other.Meets(mapping, MappingTargets.All)))
                {
                    found.Add(new(ClaimMappings.Claim, $"Another mapping here makes the claim \"{mapping.Claim}\" for the same clients in the same place."));
                }

                mappings.Add(mapping);
            }

            problems.AddRange(found.Select(problem => problem.Under(path)));
        }

        return problems;
    }

    private static List<MetadataProblem> Problems(JsonNode? node, IReadOnlyCollection<string> targets)
    {
        if (node is not JsonObject entry)
        {
            return [new("", "This must be an object.")];
        }

        var wrongKinds = Members.Check(entry).ToList();
        if (wrongKinds.Count > 0)
        {
            return wrongKinds;
        }

        var problems = new List<MetadataProblem>();
        CheckClaim(Text(entry, ClaimMappings.Claim), problems);
        CheckTargets(entry[ClaimMappings.In] as JsonArray, targets, problems);
        var from = Text(entry, ClaimMappings.From);
        var constant = entry[ClaimMappings.Value];
        if ((from is null) == (constant is null))
        {
            problems.Add(new(ClaimMappings.From, "A mapping has either \"from\" or \"value\"."));
        }
        else if (from is not null && !Sources.Contains(from))
        {
            problems.Add(new(ClaimMappings.From, $"There is no source \"{from}\"; known are {string.Join(", ", Sources)}."));
        }
        else if (Text(entry, ClaimMappings.Type) is { } word && !ClaimMappings.Types.ContainsKey(word))
        {
            problems.Add(new(ClaimMappings.Type, $"This must be one of {string.Join(", ", ClaimMappings.Types.Keys)}."));
        }
        else
        {
            problems.AddRange(MappingValueRules.Problems(entry, from, LongestPrefix, MostValues));
            if (Text(entry, ClaimMappings.Claim) is { } claim && claimsOfPeople.Contains(claim, StringComparer.OrdinalIgnoreCase) && !IsItself(entry, claim, from))
            {
                problems.Add(new(ClaimMappings.Claim, $"What \"{claim}\" means is fixed (OpenID Connect Core section 5.1): it comes from user.{claim} as it is."));
            }
        }

        return problems;
    }

    private static void CheckClaim(string? claim, List<MetadataProblem> problems)
    {
        if (claim is null || claim.Length is 0 or > LongestClaim || claim.Any(character => character is <= '\x20' or > '\x7e' or '"' or '\\'))
        {
            problems.Add(new(ClaimMappings.Claim, $"A claim's name has 1 to {LongestClaim} printable ASCII characters, and no space, quote or backslash."));
        }
        else if (ReservedClaims.Contains(claim))
        {
            problems.Add(new(ClaimMappings.Claim, $"The claim \"{claim}\" is reserved: only the server itself says it. Give yours another name."));
        }
    }

    private static void CheckTargets(JsonArray? words, IReadOnlyCollection<string> targets, List<MetadataProblem> problems)
    {
        if (words is null or { Count: 0 } || words.Any(word => !targets.Contains(word!.GetValue<string>())))
        {
            problems.Add(new(ClaimMappings.In, $"This must name one or more of {string.Join(", ", targets.Order(StringComparer.Ordinal))}."));
        }
    }

    private static bool IsItself(JsonObject entry, string claim, string? from) =>
        from == "user." + claim && new[] { ClaimMappings.Type, ClaimMappings.Prefix, ClaimMappings.Values }.All(name => entry[name] is null);

    // JSON may escape what is no character. It could be written into no token.
    private static int? Length(JsonArray entries)
    {
        try
        {
            return entries.ToJsonString().Length;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject entry, string name) => entry[name]?.GetValue<string>();
}
