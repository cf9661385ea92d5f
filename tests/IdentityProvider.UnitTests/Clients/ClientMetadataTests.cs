using System.Text.Json.Nodes;
using IdentityProvider.Clients;

namespace IdentityProvider.UnitTests.Clients;

public class ClientMetadataTests
{
    [Fact] // RFC 7591 §2, OpenID Connect Dynamic Client Registration 1.0 §2
    public void Members_that_were_not_registered_have_the_defaults_of_the_specifications()
    {
        var metadata = ClientMetadata.FromJson("{}");

        Assert.Equal(["authorization_code"], metadata.GrantTypes);
        Assert.Equal(["code"], metadata.ResponseTypes);
        Assert.Equal("client_secret_basic", metadata.TokenEndpointAuthMethod);
        Assert.Equal("web", metadata.ApplicationType);
        Assert.Equal("RS256", metadata.IdTokenSignedResponseAlg);
        Assert.Equal("openid", metadata.Scope);
        Assert.True(metadata.RequiresPkce);
        Assert.False(metadata.IsFirstParty);
        Assert.Empty(metadata.RedirectUris);
    }

    [Fact]
    public void A_client_without_the_code_grant_has_no_response_types_and_no_scope_by_default()
    {
        var metadata = ClientMetadata.FromJson("""{ "grant_types": ["client_credentials"] }""");

        Assert.Empty(metadata.ResponseTypes);
        Assert.Empty(metadata.ScopeNames);
    }

    [Fact]
    public void Members_are_read_under_their_names_on_the_wire()
    {
        var metadata = ClientMetadata.FromJson(
            """
            {
              "client_name": "Shop", "redirect_uris": ["https://shop.example/cb"], "post_logout_redirect_uris": ["https://shop.example/"],
              "tos_uri": "https://shop.example/tos", "scope": "openid  orders openid", "first_party": true, "require_pkce": false,
              "token_endpoint_auth_method": "none", "jwks": { "keys": [] }
            }
            """);

        Assert.Equal("Shop", metadata.ClientName);
        Assert.Equal(["https://shop.example/cb"], metadata.RedirectUris);
        Assert.Equal(["https://shop.example/"], metadata.PostLogoutRedirectUris);
        Assert.Equal("https://shop.example/tos", metadata.TosUri);
        Assert.Equal(["openid", "orders"], metadata.ScopeNames);
        Assert.True(metadata.IsFirstParty);
        Assert.False(metadata.RequiresPkce);
        Assert.True(metadata.IsPublic);
        Assert.NotNull(metadata.Jwks);
    }

    [Fact]
    public void Every_member_of_the_table_is_a_member_of_the_metadata_and_the_reverse()
    {
        var members = new ClientMetadata
        {
            ClientName = "x", ClientUri = "x", LogoUri = "x", PolicyUri = "x", TosUri = "x", RequirePkce = true,
            UserInfoSignedResponseAlg = "x", IntrospectionSignedResponseAlg = "x", TokenEndpointAuthSigningAlg = "x", SectorIdentifierUri = "x",
            BackChannelLogoutUri = "x", FrontChannelLogoutUri = "x",
            DefaultMaxAge = 1, JwksUri = "x", Jwks = System.Text.Json.JsonDocument.Parse("{}").RootElement,
            TokenExchange = System.Text.Json.JsonDocument.Parse("{}").RootElement,
        }.ToMembers();

        Assert.Equal(ClientMembers.Table.Names.Order(), members.Select(member => member.Key).Order());
        Assert.Empty(ClientMembers.Table.Check(members));
    }

    [Fact]
    public void Merging_sets_named_members_resets_null_ones_and_leaves_the_others()
    {
        const string stored = """{"client_name":"Shop","scope":"openid orders","tos_uri":"https://shop.example/tos"}""";

        var merged = ClientColumns.Merge(stored, Members("""{ "tos_uri": null, "client_name": "New shop" }"""));

        Assert.Equal("""{"client_name":"New shop","scope":"openid orders"}""", merged);
    }

    [Fact]
    public void Merging_the_same_members_in_another_order_gives_the_same_text()
    {
        var one = ClientColumns.Merge("{}", Members("""{ "scope": "openid", "client_name": "Shop" }"""));
        var other = ClientColumns.Merge(one, Members("""{ "client_name": "Shop", "scope": "openid" }"""));

        Assert.Equal(one, other);
    }

    private static JsonObject Members(string json) => JsonNode.Parse(json)!.AsObject();
}
