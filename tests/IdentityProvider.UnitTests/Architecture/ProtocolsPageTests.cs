using System.Text.RegularExpressions;
using IdentityProvider.Testing;

namespace IdentityProvider.UnitTests.Architecture;

/// <summary>What docs/protocols.md says is where, is there.</summary>
public sealed partial class ProtocolsPageTests
{
    private static readonly string[][] rows =
    [
        .. File.ReadAllLines(Repository.PathOf("docs", "protocols.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .Where(cells => cells.Length >= 4 && cells[0] != "section"),
    ];

    [Fact]
    public void Every_file_it_names_exists() => Product.AssertNone(
        from cells in rows
        from name in Names(cells[2])
        where !Exists(Repository.PathOf("src", "IdentityProvider", name)) && !Exists(Repository.PathOf("src", "IdentityProvider." + name))
        select $"{cells[0]}: there is no {name} in src");

    [Fact]
    public void Every_test_it_names_exists() => Product.AssertNone(
        from cells in rows
        from name in Names(cells[3])
        where TestFiles(name).Count == 0
        select $"{cells[0]}: there is no test {name}");

    [Fact]
    public void Every_row_of_the_checklist_that_it_lists_stands_in_one_of_the_tests_it_names() => Product.AssertNone(
        from cells in rows
        where cells.Length == 5
        let held = Names(cells[3]).SelectMany(TestFiles).SelectMany(RowsIn).ToHashSet()
        from row in Rows(cells[4])
        where !held.Contains(row)
        select $"{cells[0]}: {row} stands in none of {cells[3]}");

    private static IEnumerable<string> Names(string cell) => Quoted().Matches(cell).Select(match => match.Groups[1].Value);

    private static bool Exists(string path) => path.EndsWith('/') ? Directory.Exists(path) : File.Exists(path + ".cs");

    private static IReadOnlyList<string> TestFiles(string name)
    {
        var tests = Repository.PathOf("tests");
        var path = new[] { "IdentityProvider." + name, "IdentityProvider.IntegrationTests/" + name }
            .Select(candidate => Path.Combine(tests, candidate))
            .FirstOrDefault(candidate => File.Exists(candidate + ".cs") || (candidate.EndsWith('/') && Directory.Exists(candidate)));
        return path is null ? [] : path.EndsWith('/') ? Directory.GetFiles(path, "*.cs") : [path + ".cs"];
    }

    private static IEnumerable<string> RowsIn(string file) => File.ReadLines(file)
        .Where(line => line.Contains("//", StringComparison.Ordinal))
        .SelectMany(line => Rows(line[line.IndexOf("//", StringComparison.Ordinal)..]));

    /// <summary>"AZ1, AZ3 to AZ5" and "AZ3–AZ5" are AZ1, AZ3, AZ4 and AZ5.</summary>
    private static IEnumerable<string> Rows(string text) =>
        from Match match in Range().Matches(text)
        let first = int.Parse(match.Groups[2].Value, null)
        let last = match.Groups[3].Success ? int.Parse(match.Groups[3].Value, null) : first
        from number in Enumerable.Range(first, Math.Max(last - first, 0) + 1)
        select match.Groups[1].Value + number;

    [GeneratedRegex("`([A-Z][A-Za-z]*/[A-Za-z/]*)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b([A-Z]{2})(\d+)(?:(?:–| to )[A-Z]{0,2}(\d+))?\b")]
    private static partial Regex Range();
}
