using System.Text.RegularExpressions;
using IdentityProvider.Declarations;
using IdentityProvider.Testing;

namespace IdentityProvider.UnitTests.Policies;

/// <summary>What docs/policies.md shows is right by its own tests.</summary>
public sealed partial class PolicyPageTests
{
    [Fact]
    public void The_examples_of_the_page_apply()
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "policies.md"));
        var errors = new List<string>();

        var found = Examples().Matches(page).SelectMany(example => PolicyCheck.Run(example.Groups[1].Value, errors)).ToList();

        Assert.Empty(errors);
        Assert.Equal([("https://posts.example.com", 1, 3), ("https://cookbook.example.com", 4, 19)], found);
    }

    [GeneratedRegex("```jsonc\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Examples();
}
