namespace IdentityProvider.UnitTests.Architecture;

/// <summary>The walls between capabilities: a folder uses folders of a lower tier only (docs/architecture.md).</summary>
public sealed class TierTests
{
    // Email does not exist yet: its place is reserved.
    private static readonly string[][] Tiers =
    [
        ["Extensibility", "Configuration"],
        ["Protocol", "Data", "Jobs", "Audit"],
        ["Email", "Keys", "Users", "Sessions", "Clients", "Scopes", "Consents", "Claims", "Permissions", "Policies"],
        ["ClientAuthentication", "Authorize", "Grants", "DeviceAuthorization", "TokenExchange", "UserInfo", "Introspection", "Evaluation", "Revocation", "ServerMetadata", "Logout", "Accounts", "Federation", "Declarations"],
        ["Preview"],
        ["Pages", "Administration"],
        ["Hosting"],
    ];

    /// <summary>Within these tiers a capability may use its neighbours.</summary>
    private static readonly int[] Neighbourly = [0, 1, 2];

    private static readonly Dictionary<string, int> TierOf =
        Tiers.SelectMany((names, tier) => names.Select(name => (name, tier))).ToDictionary(pair => pair.name, pair => pair.tier);

    [Fact]
    public void Every_folder_has_a_tier() => Product.AssertNone(
        from type in Product.Types
        let capability = Product.CapabilityOf(type.FullName!)
        where !TierOf.ContainsKey(capability)
        select $"{capability} is in no tier: give it one in {nameof(TierTests)} and in docs/architecture.md");

    [Fact]
    public void Every_type_lies_in_the_folder_its_namespace_names() => Product.AssertNone(
        from source in Product.Sources("*.cs")
        where source.Path.StartsWith("src/IdentityProvider/", StringComparison.Ordinal)
        let folder = Path.GetDirectoryName(source.Path)!.Replace("src/IdentityProvider", "IdentityProvider", StringComparison.Ordinal).Replace('/', '.')
        let line = source.Text.Split('\n').FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))
        where line is not null && line.Trim() != $"namespace {folder};"
        select $"{source.Path}: expected namespace {folder}");

    [Fact]
    public void A_capability_uses_lower_tiers_only() => Product.AssertNone(
        from use in Uses()
        where TierOf.TryGetValue(use.From, out var user) && TierOf.TryGetValue(use.To, out var used)
            && (used > user || (used == user && !Neighbourly.Contains(user)))
        select $"{use.From} -> {use.To}: {use.Example}");

    [Fact]
    public void Neighbours_do_not_use_each_other_in_a_circle()
    {
        var uses = Uses().Where(use => TierOf.TryGetValue(use.From, out var user) && TierOf.TryGetValue(use.To, out var used) && user == used)
            .ToLookup(use => use.From, use => use.To);

        Product.AssertNone(
            from tier in Tiers
            from start in tier
            let circle = FindCircle(uses, [start])
            where circle is not null
            // Each circle once, told from its first member.
            where circle.Order(StringComparer.Ordinal).First() == start
            select string.Join(" -> ", circle.Append(start)));
    }

    private static IReadOnlyList<string>? FindCircle(ILookup<string, string> uses, IReadOnlyList<string> path)
    {
        foreach (var next in uses[path[^1]].Distinct())
        {
            if (next == path[0])
            {
                return path;
            }

            if (!path.Contains(next) && FindCircle(uses, [.. path, next]) is { } circle)
            {
                return circle;
            }
        }

        return null;
    }

    private static IEnumerable<(string From, string To, string Example)> Uses() =>
        from type in Product.Architecture.Types
        let origin = Product.CapabilityOf(type)
        where origin is not null && (Product.IsOurs(type.FullName) || origin == "Pages")
        from dependency in type.Dependencies
        let target = Product.CapabilityOf(dependency.Target)
        where target is not null && target != origin
        select (origin, target, $"{type.FullName} uses {dependency.Target.FullName}");
}
