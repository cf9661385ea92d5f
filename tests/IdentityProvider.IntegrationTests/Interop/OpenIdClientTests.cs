using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Testing;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace IdentityProvider.IntegrationTests.Interop;

/// <summary>A certified client library of another world, openid-client on Node.js, finds its way by discovery alone and verifies every signature.</summary>
public class OpenIdClientTests(SharedProviders providers)
{
    private const string Secret = "interop-secret-0000000000000000000000000000";

    [Theory, OnEachDatabase]
    public async Task It_signs_a_person_in_reads_refreshes_introspects_revokes_and_signs_out(TestDatabase database)
    {
        var result = await RunAsync(database, "code", """
            { "grant_types": ["authorization_code", "refresh_token"], "scope": "openid profile email offline_access",
              "post_logout_redirect_uris": ["https://app.example/bye"] }
            """, "openid profile email offline_access");

        Assert.Equal("Pat Person", result.GetProperty("userinfo").GetProperty("name").GetString());
        Assert.True(result.GetProperty("refreshed").GetBoolean());
        Assert.True(result.GetProperty("introspection").GetProperty("active").GetBoolean());
        Assert.Equal("bye", result.GetProperty("signed_out_state").GetString());
    }

    [Theory, OnEachDatabase] // RFC 9126, RFC 7523, RFC 9701, OpenID Connect Core §5.3.2
    public async Task It_pushes_its_request_proves_itself_by_a_key_and_gets_signed_answers(TestDatabase database)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = Jwk(key, isPrivate: false);

        var result = await RunAsync(database, "pushed", $$"""
            { "grant_types": ["authorization_code", "refresh_token"], "scope": "openid profile", "token_endpoint_auth_method": "private_key_jwt",
              "jwks": { "keys": [{{publicKey.ToJsonString()}}] }, "require_pushed_authorization_requests": true,
              "id_token_signed_response_alg": "PS256", "userinfo_signed_response_alg": "ES384", "introspection_signed_response_alg": "ES256" }
            """, "openid profile", scenario =>
        {
            scenario.Remove("client_secret");
            scenario["private_jwk"] = Jwk(key, isPrivate: true);
            scenario["metadata"] = new JsonObject
            {
                ["id_token_signed_response_alg"] = "PS256", ["userinfo_signed_response_alg"] = "ES384", ["introspection_signed_response_alg"] = "ES256",
            };
        });

        Assert.StartsWith("urn:ietf:params:oauth:request_uri:", result.GetProperty("request_uri").GetString(), StringComparison.Ordinal);
        Assert.Equal("Pat Person", result.GetProperty("userinfo").GetProperty("name").GetString());
        Assert.True(result.GetProperty("introspection").GetProperty("active").GetBoolean());
    }

    [Theory, OnEachDatabase] // OpenID Connect Core §3.3
    public async Task It_takes_the_hybrid_way(TestDatabase database)
    {
        var result = await RunAsync(database, "hybrid", """
            { "grant_types": ["authorization_code", "implicit"], "response_types": ["code id_token"], "scope": "openid profile" }
            """, "openid profile");

        Assert.Equal("Pat Person", result.GetProperty("userinfo").GetProperty("name").GetString());
    }

    [Theory, OnEachDatabase] // OpenID Connect Core §3.2
    public async Task It_takes_the_implicit_way(TestDatabase database)
    {
        var result = await RunAsync(database, "implicit", """
            { "grant_types": ["implicit"], "response_types": ["id_token"], "scope": "openid profile" }
            """, "openid profile");

        // §5.4: no access token is issued, so the id_token has the claims of the scopes.
        Assert.Equal("Pat Person", result.GetProperty("claims").GetProperty("name").GetString());
    }

    [Theory, OnEachDatabase] // RFC 8628
    public async Task It_signs_a_device_in(TestDatabase database)
    {
        var result = await RunAsync(database, "device", """
            { "grant_types": ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"], "scope": "openid profile", "redirect_uris": null }
            """, "openid profile");

        Assert.Equal("Pat Person", result.GetProperty("userinfo").GetProperty("name").GetString());
    }

    [Theory, OnEachDatabase] // RFC 8693
    public async Task It_exchanges_a_token_for_a_narrower_one(TestDatabase database)
    {
        var result = await RunAsync(database, "exchange", """
            { "grant_types": ["authorization_code", "client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"], "scope": "openid orders" }
            """, "openid orders", scenario =>
        {
            scenario["exchanged_scope"] = "orders";
            scenario["actor"] = true;
        });

        Assert.Equal("orders", result.GetProperty("scope").GetString());
        Assert.Equal("urn:ietf:params:oauth:token-type:access_token", result.GetProperty("issued").GetString());
        Assert.Equal(result.GetProperty("subject").GetString(), result.GetProperty("introspection").GetProperty("sub").GetString());
    }

    private async Task<JsonElement> RunAsync(
        TestDatabase database, string flow, string registration, string scope, Action<JsonObject>? change = null)
    {
        var provider = await providers.OnAsync(database);
        var clientId = $"node-{flow}";
        var metadata = JsonNode.Parse(registration)!.AsObject();
        metadata["client_id"] = clientId;
        metadata.TryAdd("redirect_uris", new JsonArray(StandardDeclaration.RedirectUri));
        if (!metadata.ContainsKey("token_endpoint_auth_method"))
        {
            metadata["client_secret"] = Secret;
        }

        await provider.ApplyAsync(new JsonObject { ["clients"] = new JsonArray(metadata) }.ToJsonString());
        var scenario = new JsonObject
        {
            ["flow"] = flow,
            ["issuer"] = provider.Issuer,
            ["client_id"] = clientId,
            ["client_secret"] = Secret,
            ["redirect_uri"] = StandardDeclaration.RedirectUri,
            ["post_logout_redirect_uri"] = StandardDeclaration.LoggedOutUri,
            ["scope"] = scope,
        };
        change?.Invoke(scenario);

        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var result = await NodeRelyingParty.RunAsync(scenario, message => PlayAsync(browser, person, message));
        Assert.Equal(person.Subject, result.GetProperty("subject").GetString());
        return result;
    }

    private static async Task<string> PlayAsync(Browser browser, TestPerson person, JsonElement message)
    {
        var device = message.TryGetProperty("device", out var address);
        var page = await browser.OpenAsync(device ? address.GetString()! : message.GetProperty("open").GetString()!);
        foreach (var button in new[] { "device-continue", "login-submit", "device-continue", "consent-allow", "device-allow" })
        {
            if (page.Has(button))
            {
                page = button == "login-submit"
                    ? await browser.SignInAsync(page, person.UserName, person.Password)
                    : await browser.PressAndFollowAsync(page, button);
            }
        }

        return device ? "allowed" : page.Location?.AbsoluteUri ?? throw new InvalidOperationException($"The browser ended at {page}");
    }

    private static JsonObject Jwk(ECDsa key, bool isPrivate)
    {
        var parameters = key.ExportParameters(isPrivate);
        var jwk = new JsonObject
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["alg"] = "ES256", ["use"] = "sig",
            ["x"] = Base64UrlEncoder.Encode(parameters.Q.X), ["y"] = Base64UrlEncoder.Encode(parameters.Q.Y),
        };
        if (isPrivate)
        {
            jwk["d"] = Base64UrlEncoder.Encode(parameters.D);
        }

        return jwk;
    }
}
