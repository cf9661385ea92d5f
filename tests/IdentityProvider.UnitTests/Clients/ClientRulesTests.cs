using IdentityProvider.Clients;
using IdentityProvider.Scopes;

namespace IdentityProvider.UnitTests.Clients;

public class ClientRulesTests
{
    private static readonly ScopeSet scopes = new([new ScopeDefinition("orders", "Orders", [], [])], []);

    [Fact]
    public void A_plain_web_client_is_accepted()
    {
        Assert.Empty(Problems("""{ "redirect_uris": ["https://app.example/cb"], "scope": "openid orders" }"""));
    }

    [Fact]
    public void A_plain_browser_client_is_accepted()
    {
        Assert.Empty(Problems(
            """{ "redirect_uris": ["https://app.example/cb"], "token_endpoint_auth_method": "none", "grant_types": ["authorization_code", "refresh_token"] }""",
            hasSecret: false));
    }

    [Fact]
    public void A_machine_client_is_accepted()
    {
        Assert.Empty(Problems("""{ "grant_types": ["client_credentials"], "scope": "orders" }"""));
    }

    [Theory]
    [InlineData("""{ "redirect_uris": ["https://app.example/cb"], "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://app.example/jwks" }""")]
    [InlineData("""{ "redirect_uris": ["https://app.example/cb"], "token_endpoint_auth_method": "none", "grant_types": ["implicit"], "response_types": ["token id_token"] }""")]
    [InlineData("""{ "token_endpoint_auth_method": "none", "grant_types": ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"] }""")]
    public void Clients_without_a_secret_are_accepted(string metadata)
    {
        Assert.Empty(Problems(metadata, hasSecret: false));
    }

    [Fact]
    public void An_API_that_only_introspects_is_accepted()
    {
        Assert.Empty(Problems("""{ "grant_types": [] }"""));
    }

    [Theory]
    [InlineData("""{ "redirect_uris": [] }""", "redirect_uris")]
    [InlineData("""{ "redirect_uris": ["https://a.example/", "http://a.example/"] }""", "redirect_uris[1]")]
    [InlineData("""{ "post_logout_redirect_uris": ["nowhere"] }""", "post_logout_redirect_uris[0]")]
    [InlineData("""{ "grant_types": ["authorization_code", "password"] }""", "grant_types[1]")]
    [InlineData("""{ "grant_types": ["authorization_code", "implicit"] }""", "response_types")]
    [InlineData("""{ "response_types": ["id_token"] }""", "response_types")]
    [InlineData("""{ "response_types": ["token"] }""", "response_types[0]")]
    [InlineData("""{ "grant_types": ["refresh_token"] }""", "grant_types")]
    [InlineData("""{ "response_types": ["code id_token"] }""", "response_types")]
    [InlineData("""{ "userinfo_signed_response_alg": "none" }""", "userinfo_signed_response_alg")]
    [InlineData("""{ "introspection_signed_response_alg": "HS256" }""", "introspection_signed_response_alg")]
    [InlineData("""{ "token_endpoint_auth_signing_alg": "HS256" }""", "token_endpoint_auth_signing_alg")]
    [InlineData("""{ "subject_type": "hidden" }""", "subject_type")]
    [InlineData("""{ "subject_type": "pairwise", "redirect_uris": ["https://a.example/", "https://b.example/"] }""", "sector_identifier_uri")]
    [InlineData("""{ "subject_type": "pairwise", "application_type": "native", "redirect_uris": ["http://127.0.0.1/"] }""", "sector_identifier_uri")]
    [InlineData("""{ "subject_type": "pairwise", "application_type": "native", "redirect_uris": ["http://[::1]/"] }""", "sector_identifier_uri")]
    [InlineData("""{ "subject_type": "pairwise", "application_type": "native", "redirect_uris": ["com.example.app:/callback"] }""", "sector_identifier_uri")]
    [InlineData("""{ "sector_identifier_uri": "http://sector.example/uris.json" }""", "sector_identifier_uri")]
    [InlineData("""{ "default_max_age": -1 }""", "default_max_age")]
    [InlineData("""{ "default_max_age": 1.5 }""", "default_max_age")]
    [InlineData("""{ "default_max_age": 1e300 }""", "default_max_age")]
    [InlineData("""{ "client_assertion_audience": "anyone" }""", "client_assertion_audience")]
    [InlineData("""{ "backchannel_logout_uri": "http://app.example/bye" }""", "backchannel_logout_uri")] // BC10
    [InlineData("""{ "backchannel_logout_uri": "https://app.example/bye#now" }""", "backchannel_logout_uri")]
    [InlineData("""{ "frontchannel_logout_uri": "https://app.example/bye#now" }""", "frontchannel_logout_uri")]
    [InlineData("""{ "frontchannel_logout_uri": "https://elsewhere.example/bye" }""", "frontchannel_logout_uri")]
    [InlineData("""{ "jwks_uri": "http://app.example/jwks" }""", "jwks_uri")]
    [InlineData("""{ "jwks_uri": "https://app.example/jwks", "jwks": { "keys": [{ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA" }] } }""", "jwks_uri")]
    [InlineData("""{ "response_types": [] }""", "response_types")]
    [InlineData("""{ "grant_types": ["client_credentials"], "response_types": ["code"] }""", "response_types")]
    [InlineData("""{ "token_endpoint_auth_method": "client_secret_jwt" }""", "token_endpoint_auth_method")]
    [InlineData("""{ "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://app.example/jwks" }""", "client_secret")]
    [InlineData("""{ "token_endpoint_auth_method": "none" }""", "client_secret")]
    [InlineData("""{ "application_type": "mobile" }""", "application_type")]
    [InlineData("""{ "id_token_signed_response_alg": "HS256" }""", "id_token_signed_response_alg")]
    [InlineData("""{ "id_token_signed_response_alg": "none" }""", "id_token_signed_response_alg")]
    [InlineData("""{ "scope": "openid invoices" }""", "scope")]
    [InlineData("""{ "client_name": " " }""", "client_name")]
    [InlineData("""{ "logo_uri": "http://app.example/logo.png" }""", "logo_uri")]
    [InlineData("""{ "policy_uri": "javascript:alert(1)" }""", "policy_uri")]
    [InlineData("""{ "tos_uri": "/tos" }""", "tos_uri")]
    [InlineData("""{ "jwks": { } }""", "jwks")]
    [InlineData("""{ "token_exchange": { "impersonation": true } }""", "token_exchange")]
    [InlineData("""{ "grant_types": ["urn:ietf:params:oauth:grant-type:token-exchange"], "token_exchange": { "impersonation": "yes" } }""", "token_exchange.impersonation")]
    [InlineData("""{ "grant_types": ["urn:ietf:params:oauth:grant-type:token-exchange"], "token_exchange": { "impersonate": true } }""", "token_exchange.impersonate")]
    [InlineData("""{ "grant_types": ["urn:ietf:params:oauth:grant-type:token-exchange"], "token_exchange": { "subject_token_clients": [""] } }""", "token_exchange.subject_token_clients[0]")]
    [InlineData("""{ "grant_types": ["urn:ietf:params:oauth:grant-type:token-exchange"], "token_endpoint_auth_method": "none" }""", "grant_types")]
    [InlineData("""{ "jwks": { "keys": [{ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "d": "AA" }] } }""", "jwks")]
    [InlineData("""{ "token_endpoint_auth_method": "private_key_jwt" }""", "jwks")]
    [InlineData("""{ "token_endpoint_auth_method": "private_key_jwt", "jwks": { "keys": [{ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA" }] } }""", "jwks")]
    [InlineData("""{ "token_endpoint_auth_method": "private_key_jwt", "jwks": { "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": "AA" }] } }""", "jwks")]
    public void A_wrong_member_is_named_by_its_path(string overlay, string path)
    {
        var metadata = ClientColumns.Merge("""{"redirect_uris":["https://app.example/cb"]}""", Json(overlay));

        Assert.Contains(path, Problems(metadata).Select(problem => problem.Path));
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var problems = Problems("""{ "application_type": "mobile", "grant_types": ["password"], "scope": "x y" }""");

        Assert.Equal(["grant_types[0]", "application_type", "scope", "scope"], problems.Select(problem => problem.Path));
    }

    [Fact]
    public void A_confidential_client_needs_a_secret()
    {
        Assert.Equal("client_secret", Assert.Single(Problems("""{ "redirect_uris": ["https://a.example/"] }""", hasSecret: false)).Path);
    }

    [Fact] // RFC 9700 §2.1.1
    public void A_client_without_a_secret_cannot_do_without_PKCE()
    {
        var problem = Assert.Single(Problems(
            """{ "redirect_uris": ["https://a.example/"], "token_endpoint_auth_method": "none", "require_pkce": false }""", hasSecret: false));

        Assert.Equal("require_pkce", problem.Path);
    }

    [Fact] // RFC 6749 §4.4
    public void A_client_without_a_secret_cannot_act_for_itself()
    {
        var problem = Assert.Single(Problems(
            """{ "token_endpoint_auth_method": "none", "grant_types": ["client_credentials"] }""", hasSecret: false));

        Assert.Equal("grant_types", problem.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("naïve")]
    public void A_client_id_is_visible_ASCII(string clientId)
    {
        var problems = ClientRules.Check(clientId, ClientMetadata.FromJson("""{ "grant_types": [] }"""), hasSecret: true, scopes, isDevelopment: false);

        Assert.Equal("client_id", Assert.Single(problems).Path);
    }

    [Theory]
    [InlineData("short", false)]
    [InlineData("0123456789012345678901234567890123456789ab", false)]
    [InlineData("0123456789012345678901234567890123456789abc", true)]
    [InlineData("0123456789012345678901234567890123456789 bc", false)]
    public void Outside_development_a_declared_secret_has_43_base64url_characters(string secret, bool accepted)
    {
        Assert.Equal(accepted, !ClientRules.CheckSecret(secret, isDevelopment: false).Any());
    }

    [Fact]
    public void In_development_a_declared_secret_may_be_short()
    {
        Assert.Empty(ClientRules.CheckSecret("secret", isDevelopment: true));
        Assert.NotEmpty(ClientRules.CheckSecret("", isDevelopment: true));
    }

    [Fact]
    public void No_sentence_repeats_a_secret()
    {
        var sentence = Assert.Single(ClientRules.CheckSecret("hunter2", isDevelopment: false)).Sentence;

        Assert.DoesNotContain("hunter2", sentence, StringComparison.Ordinal);
    }

    private static List<IdentityProvider.Protocol.MetadataProblem> Problems(string metadata, bool hasSecret = true) =>
        [.. ClientRules.Check("client", ClientMetadata.FromJson(metadata), hasSecret, scopes, isDevelopment: false)];

    private static System.Text.Json.Nodes.JsonObject Json(string text) => System.Text.Json.Nodes.JsonNode.Parse(text)!.AsObject();
}
