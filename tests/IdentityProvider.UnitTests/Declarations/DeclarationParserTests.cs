using IdentityProvider.Declarations;

namespace IdentityProvider.UnitTests.Declarations;

public class DeclarationParserTests
{
    [Fact]
    public void Entries_are_found_by_their_key_and_place()
    {
        var errors = new List<string>();

        var declaration = DeclarationParser.Parse(
            """
            {
              "$schema": "declarations.schema.json",
              // A comment, and a comma too many:
              "clients": [{ "client_id": "shop", "client_name": "Shop" },],
              "users": [{ "username": "alice" }]
            }
            """, errors);

        Assert.Empty(errors);
        var shop = Assert.Single(declaration!.Clients);
        Assert.Equal(("clients[0]", "shop"), (shop.Path, shop.Key));
        Assert.Equal("""{"client_name":"Shop"}""", shop.Members.ToJsonString());
        Assert.Equal("alice", Assert.Single(declaration.Users).Key);
        Assert.Empty(declaration.Scopes);
    }

    [Fact]
    public void A_mistake_of_syntax_is_told_with_its_line()
    {
        var errors = new List<string>();

        var declaration = DeclarationParser.Parse("{\n  \"clients\": [\n    { client_id: \"shop\" }\n  ]\n}", errors);

        Assert.Null(declaration);
        Assert.StartsWith("Line 3: ", Assert.Single(errors), StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", errors[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{ "clients": [], "clients": [] }""")]
    [InlineData("""{ "users": [{ "username": "a", "name": "A", "name": "B" }] }""")]
    public void What_is_no_object_or_says_two_things_at_once_is_refused(string text)
    {
        var errors = new List<string>();

        Assert.Null(DeclarationParser.Parse(text, errors));
        Assert.Single(errors);
    }

    [Fact]
    public void Everything_wrong_with_the_form_is_told_at_once_by_path()
    {
        var errors = new List<string>();

        DeclarationParser.Parse(
            """
            {
              "client": [],
              "scopes": {},
              "clients": [{ "client_id": "shop" }, { "client_name": "Nameless" }, "shop", { "client_id": "shop" }, { "client_id": 7 }],
              "users": [{ "username": "alice" }, { "username": "Alice" }]
            }
            """, errors);

        Assert.Equal(
            ["client", "scopes", "clients[1].client_id", "clients[2]", "clients[3].client_id (shop)", "clients[4].client_id", "users[1].username (Alice)"],
            errors.Select(error => error.Split(": ")[0]));
    }
}
