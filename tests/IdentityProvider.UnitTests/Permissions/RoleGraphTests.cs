using IdentityProvider.Permissions;

namespace IdentityProvider.UnitTests.Permissions;

public sealed class RoleGraphTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a>b")]
    [InlineData("a>b a>c b>d c>d")]
    [InlineData("a>a", "aa")]
    [InlineData("a>b b>a", "aba")]
    [InlineData("x>a a>b b>c c>a c>y", "abca")]
    // The shortest way back, and another one for whom that leaves out.
    [InlineData("a>b b>c c>a b>a", "aba", "abca")]
    [InlineData("a>b b>a c>d d>e e>c", "aba", "cdec")]
    // A role between two circles is in none.
    [InlineData("a>a a>m m>z z>z", "aa", "zz")]
    public void Circles_are_found_and_nothing_else(string inherits, params string[] expected)
    {
        var circles = RoleGraph.Circles(Graph(inherits.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => (pair[0], pair[2]))));

        Assert.Equal(expected, circles.Select(Tell).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ten_thousand_roles_in_one_line_or_in_one_circle_are_no_trouble()
    {
        var line = Enumerable.Range(0, 9_999).Select(number => ((char)number, (char)(number + 1))).ToList();

        Assert.Empty(RoleGraph.Circles(Graph(line)));
        Assert.Equal(10_001, Assert.Single(RoleGraph.Circles(Graph([.. line, ((char)9_999, (char)0)]))).Count);
        Assert.Equal(2, Assert.Single(RoleGraph.Circles(Graph([.. line, ((char)9_999, (char)9_999)]))).Count);
    }

    // From whichever of its roles it begins: told from the first one.
    private static string Tell(IReadOnlyList<Guid> circle)
    {
        Assert.Equal(circle[0], circle[^1]);
        var names = circle.Skip(1).Select(Name).ToArray();
        var first = Array.IndexOf(names, names.Min());
        return string.Concat(names[first..].Concat(names[..first]).Append(names[first]));
    }

    private static Dictionary<Guid, IReadOnlyList<Guid>> Graph(IEnumerable<(char Role, char Inherited)> inherits) =>
        inherits.GroupBy(pair => pair.Role).ToDictionary(
            pairs => Key(pairs.Key), IReadOnlyList<Guid> (pairs) => [.. pairs.Select(pair => Key(pair.Inherited))]);

    private static Guid Key(char name) => new(name, 0, 0, new byte[8]);

    private static char Name(Guid key) => (char)BitConverter.ToInt32(key.ToByteArray());
}
