using System.Text.Json.Nodes;
using IdentityProvider.Scopes;

namespace IdentityProvider.UnitTests.Scopes;

/// <summary>What a list of claim mappings must be; what single ones must be is told over a whole file (MappedClaimsTests).</summary>
public sealed class ClaimMappingRulesTests
{
    [Theory]
    [InlineData("""{ "claim": "c", "value": "\ud800", "in": ["id_token"] }""")]
    [InlineData("""{ "claim": "\udfff", "value": "x", "in": ["id_token"] }""")]
    [InlineData("""{ "claim": "c", "value": { "\ud800": 1 }, "in": ["id_token"] }""")]
    [InlineData("""{ "claim": "c", "from": "user.name", "values": { "a": ["\ud800"] }, "in": ["id_token"] }""")]
    public void Half_a_character_is_refused(string mapping) =>
        Assert.Equal("claim_mappings", Assert.Single(ClaimMappingRules.ProblemsOfScope("profile", JsonNode.Parse($"[{mapping}]"))).Path);

    [Fact]
    public void There_are_so_many_and_they_are_so_long()
    {
        Assert.Empty(ClaimMappingRules.ProblemsOfScope("profile", Many(50, "x")));
        Assert.Single(ClaimMappingRules.ProblemsOfScope("profile", Many(51, "x")));
        Assert.Single(ClaimMappingRules.ProblemsOfScope("profile", Many(9, new string('x', 2000))));
        Assert.Equal("claim_mappings[0].value", Assert.Single(ClaimMappingRules.ProblemsOfScope("profile", Many(1, new string('x', 2047)))).Path);
    }

    [Fact]
    public void Every_source_and_word_can_be_read()
    {
        foreach (var source in ClaimMappingRules.Sources)
        {
            var list = JsonNode.Parse($$"""[{ "claim": "c", "from": "{{source}}", "in": ["access_token"] }]""");
            Assert.Empty(ClaimMappingRules.ProblemsOfResource(list));
            Assert.NotEqual(MappingSource.Constant, Assert.Single(ClaimMappings.Read(ClaimMappings.Write(list))).Source);
        }
    }

    [Fact]
    public void Nothing_is_an_empty_list()
    {
        Assert.Empty(ClaimMappingRules.ProblemsOfScope("profile", null));
        Assert.Empty(ClaimMappings.Read(ClaimMappings.Write(null)));
        Assert.Empty(ClaimMappings.Read(ClaimMappings.Write(new JsonArray())));
    }

    private static JsonNode? Many(int count, string value) => JsonNode.Parse(
        $"[{string.Join(',', Enumerable.Range(0, count).Select(index => $$"""{ "claim": "c{{index}}", "value": "{{value}}", "in": ["id_token"] }"""))}]");
}
