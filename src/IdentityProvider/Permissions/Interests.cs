using System.Collections.Immutable;

namespace IdentityProvider.Permissions;

/// <summary>What somebody has that does not go together with everything.</summary>
/// <param name="Duties">Of this server's administration.</param>
/// <param name="Roles">Keys of roles that conflict with others, inherited ones among them.</param>
internal sealed record Interests(Duties Duties, ImmutableHashSet<Guid> Roles)
{
    public static Interests None { get; } = new(Duties.None, []);

    public bool IsNone => Duties == Duties.None && Roles.IsEmpty;

    public Interests With(Interests other) => new(Duties | other.Duties, Roles.Union(other.Roles));

    public bool Covers(Interests other) => Duties.HasFlag(other.Duties) && other.Roles.IsSubsetOf(Roles);
}

/// <summary>Which interests nobody has together. Immutable.</summary>
internal sealed class Conflicts
{
    private readonly ILookup<Guid, Guid> others;
    private readonly IReadOnlyDictionary<Guid, string> names;

    /// <param name="roles">Roles that conflict, each with another, in whichever order.</param>
    /// <param name="names">What these roles are called.</param>
    public Conflicts(IEnumerable<(Guid One, Guid Other)> roles, IReadOnlyDictionary<Guid, string> names)
    {
        others = roles.SelectMany(pair => new[] { pair, (One: pair.Other, Other: pair.One) }).Distinct().ToLookup(pair => pair.One, pair => pair.Other);
        this.names = names;
    }

    /// <summary>Those of the administration's duties, which conflict on every server.</summary>
    public static Conflicts OfDuties { get; } = new([], new Dictionary<Guid, string>());

    /// <summary>Keys of the roles that conflict with others.</summary>
    public IEnumerable<Guid> Roles => others.Select(role => role.Key);

    /// <summary>What nobody has together of all this, each in words that go on after "would have".</summary>
    public IEnumerable<string> Among(Interests interests)
    {
        if (interests.Duties.Conflict())
        {
            yield return $"{interests.Duties.Tell()}: duties of this server's administration that nobody has together";
        }

        foreach (var (one, other) in interests.Roles
            .SelectMany(role => others[role].Where(interests.Roles.Contains).Select(other => (One: names[role], Other: names[other])))
            .Where(pair => string.CompareOrdinal(pair.One, pair.Other) < 0)
            .OrderBy(pair => pair.One, StringComparer.Ordinal).ThenBy(pair => pair.Other, StringComparer.Ordinal))
        {
            yield return $"the roles {one} and {other}, which nobody has together";
        }
    }
}
