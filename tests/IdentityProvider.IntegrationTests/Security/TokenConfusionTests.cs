using System.Net;
using IdentityProvider.IntegrationTests.TokenExchange;

namespace IdentityProvider.IntegrationTests.Security;

/// <summary>RFC 8725 §2.8, §3.12: everything we sign has our keys and our issuer, and still each is only what it was made for.</summary>
public class TokenConfusionTests(SharedProviders providers)
{
    private const string Secret = "confused-secret-000000000000000000000000000";

    [Theory, OnEachDatabase]
    public async Task What_was_signed_for_one_purpose_serves_no_other(TestDatabase database)
    {
        var host = await providers.WithExchangesAsync(database);
        await host.ApplyAsync($$"""
            { "clients": [{ "client_id": "confused", "client_secret": "{{Secret}}", "redirect_uris": ["https://confused.example/callback"], "first_party": true,
              "grant_types": ["authorization_code", "{{Exchanges.Grant}}"], "scope": "openid first second", "userinfo_signed_response_alg": "RS256",
              "introspection_signed_response_alg": "RS256", "token_exchange": { "impersonation": true } }] }
            """);
        var client = new RelyingParty(host, "confused", Secret, "https://confused.example/callback", AuthenticationBy.Basic);
        using var browser = host.NewBrowser();
        var tokens = await client.SignInAsync(browser, await host.NewPersonAsync(), "openid first");
        var userInfo = (await client.UserInfoAsync(tokens.AccessToken)).Body;
        var introspected = (await client.IntrospectAsync(tokens.AccessToken)).Body;
        Assert.All([userInfo, introspected], token => Assert.Equal(3, token.Split('.').Length));
        (await client.ExchangeTokenAsync(tokens.AccessToken)).OrFail();

        foreach (var token in new[] { tokens.IdToken, userInfo, introspected })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(token)).Status);
            Assert.Equal("invalid_request", (await client.ExchangeTokenAsync(token)).Error);
            Assert.Equal("invalid_request", (await client.ExchangeTokenAsync(tokens.AccessToken, token)).Error);
            Assert.Equal("invalid_request", (await client.ExchangeTokenAsync(token, change: form => form["subject_token_type"] = "urn:ietf:params:oauth:token-type:id_token")).Error);
            Assert.Contains("\"active\":false", Text((await client.IntrospectAsync(token)).Body), StringComparison.Ordinal);
        }

        foreach (var token in new[] { tokens.AccessToken, userInfo, introspected })
        {
            Assert.True((await browser.OpenAsync("/connect/logout?" + Wire.QueryOf([new("id_token_hint", token)]))).Has("logout-confirm"));
        }
    }

    private static string Text(string jwt) => jwt.Split('.') is [_, var payload, _] ? System.Text.Encoding.UTF8.GetString(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.DecodeBytes(payload)) : jwt;
}
