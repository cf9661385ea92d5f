using System.Text;
using System.Text.Json.Nodes;
using IdentityProvider.Permissions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.UnitTests.Permissions;

public sealed class PresentedAccessTests
{
    // The claim of a token; what is read of it, and that what comes after it is read as ever.
    [Theory]
    [InlineData("roles", """["editor"]""", "")]
    [InlineData("groups", """["newsroom", "office"]""", "")]
    [InlineData("entitlements", """["posts.create", ["deep", { "roles": 1 }]]""", "")]
    [InlineData("entitlements", "[]", "")]
    [InlineData("entitlements", "null", "")]
    [InlineData("roles", "\"editor\"", "")]
    [InlineData("roles", """{ "editor": true }""", "")]
    [InlineData("roles", "7", "")]
    [InlineData("role", "\"editor\"", "editor")]
    [InlineData("Roles", """["editor", "author"]""", "editor author")]
    [InlineData("scope", "\"posts.read\"", "posts.read")]
    public void What_a_presented_token_says_of_access_is_not_read(string name, string value, string read)
    {
        var token = new JsonWebToken($"{Encode("{}")}.{Encode($$"""{ "sub": "anna", "{{name}}": {{value}}, "after": "it" }""")}.", PresentedAccess.PassOver);

        Assert.Equal(read, string.Join(' ', token.Claims.Where(claim => claim.Type == name).Select(claim => claim.Value)));
        Assert.Equal(("anna", "it"), (token.Subject, token.GetPayloadValue<string>("after")));
    }

    [Fact]
    public void A_header_is_read_as_it_is()
    {
        var token = new JsonWebToken($"{Encode("""{ "roles": "editor" }""")}.{Encode("{}")}.", PresentedAccess.PassOver);

        Assert.Equal("editor", token.GetHeaderValue<string>("roles"));
    }

    private static string Encode(string json) => Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(JsonNode.Parse(json)!.ToJsonString()));
}
