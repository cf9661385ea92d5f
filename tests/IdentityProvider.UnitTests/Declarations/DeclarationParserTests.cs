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

    // RFC 8259 §8.2: the grammar lets half of a surrogate pair through, and what comes of it is left open.
    [Theory]
    [InlineData("""{ "clients": [{ "client_id": "shop" }, { "client_id": "\ud800" }] }""", "clients[1].client_id: ")]
    [InlineData("""{ "clients": [{ "client_id": "shop", "client_name": "Shop \udfff!" }] }""", "clients[0].client_name: ")]
    [InlineData("""{ "users": [{ "username": "a", "roles": ["x", { "role": "\uDBFF\n" }] }] }""", "users[0].roles[1].role: ")]
    [InlineData("""{ "users": [{ "username": "a", "na\ud83dme": "A" }] }""", "users[0]: ")]
    [InlineData("""{ "\udc00": [], }""", "The name of a member")]
    [InlineData("""{ "roles": [{ "name": "a", "description": "\ud83d\ud83d\ude00" }] }""", "roles[0].description: ")]
    [InlineData("""["\ude00\ud83d"]""", "[0]: ")]
    public void Half_a_character_is_told_by_its_place(string text, string told)
    {
        var errors = new List<string>();

        Assert.Null(DeclarationParser.Parse(text, errors));
        Assert.StartsWith(told, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_half_is_told_and_whole_characters_are_none()
    {
        var errors = new List<string>();

        Assert.Null(DeclarationParser.Parse("""{ "users": [{ "username": "\ud800", "na\ud800me": { "a": ["\ud800"] } }] }""", errors));
        Assert.Equal(["users[0].username", "users[0]", "users[0].?.a[0]"], errors.Select(error => error.Split(": ")[0]));

        errors.Clear();
        // A pair, an escaped backslash before a u, and halves in the text itself, which its encoding has replaced already.
        var declaration = DeclarationParser.Parse("""{ "users": [{ "username": "a", "name": "\ud83d\ude00 \\ud800 """ + "\ud800" + """ 😀" }], /* "\ud800" */ }""", errors);
        Assert.Empty(errors);
        Assert.Equal("\ud83d\ude00 \\ud800 \ufffd \ud83d\ude00", Assert.Single(declaration!.Users).Members["name"]!.GetValue<string>());
    }
}
