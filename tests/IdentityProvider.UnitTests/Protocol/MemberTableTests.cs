using System.Text.Json.Nodes;
using IdentityProvider.Clients;

namespace IdentityProvider.UnitTests.Protocol;

public class MemberTableTests
{
    [Theory]
    [InlineData("""{ "redirect_uri": [] }""", "redirect_uri", "redirect_uris")]
    [InlineData("""{ "clientName": "Shop" }""", "clientName", "client_name")]
    [InlineData("""{ "grant_type": [] }""", "grant_type", "grant_types")]
    public void A_misspelt_member_is_refused_with_the_name_that_was_meant(string entry, string path, string meant)
    {
        var problem = Assert.Single(ClientMembers.Table.Check(JsonNode.Parse(entry)!.AsObject()));

        Assert.Equal(path, problem.Path);
        Assert.Contains($"did you mean {meant}?", problem.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "client_name": 7 }""", "client_name")]
    [InlineData("""{ "redirect_uris": "https://app.example/" }""", "redirect_uris")]
    [InlineData("""{ "redirect_uris": ["https://app.example/", 7] }""", "redirect_uris[1]")]
    [InlineData("""{ "redirect_uris": [null] }""", "redirect_uris[0]")]
    [InlineData("""{ "first_party": "yes" }""", "first_party")]
    [InlineData("""{ "jwks": "keys" }""", "jwks")]
    public void A_value_of_the_wrong_kind_is_refused_by_path(string entry, string path)
    {
        Assert.Equal(path, Assert.Single(ClientMembers.Table.Check(JsonNode.Parse(entry)!.AsObject())).Path);
    }

    [Fact]
    public void A_null_means_the_default()
    {
        Assert.Empty(ClientMembers.Table.Check(JsonNode.Parse("""{ "redirect_uris": null, "client_name": null }""")!.AsObject()));
    }
}
