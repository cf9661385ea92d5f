using System.Net;
using IdentityProvider.IntegrationTests.Authorize;

namespace IdentityProvider.IntegrationTests.UserInfo;

/// <summary>OpenID Connect Core §5.3.2: a client may have its userinfo signed. Checklist row UI14.</summary>
public sealed class SignedUserInfoTests(SharedProviders providers)
{
    // UI14, DI21: each algorithm that discovery names
    [Theory]
    [OnEachDatabase("RS256"), OnEachDatabase("RS384"), OnEachDatabase("RS512")]
    [OnEachDatabase("PS256"), OnEachDatabase("PS384"), OnEachDatabase("PS512")]
    [OnEachDatabase("ES256"), OnEachDatabase("ES384"), OnEachDatabase("ES512")]
    public async Task It_comes_as_a_JWT_for_the_client_that_registered_it(TestDatabase database, string algorithm)
    {
        var host = await providers.OnAsync(database);
        var client = await FrontChannelClients.SignedAsync(host, algorithm);
        var person = await host.NewPersonAsync();
        var tokens = await client.SignInAsync(person, "openid email");

        var answer = await client.UserInfoAsync(tokens.AccessToken);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/jwt", answer.Headers["Content-Type"]);
        Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
        await IdTokenCheck.VerifySignatureAsync(host, answer.Body, algorithm);
        var claims = Wire.ClaimsOf(answer.Body);
        // No nonce and no expiry: nobody can take it for an id_token.
        Assert.Equal(["aud", "email", "email_verified", "iss", "sub"], claims.EnumerateObject().Select(claim => claim.Name).Order(StringComparer.Ordinal));
        Assert.Equal(host.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal(client.ClientId, claims.GetProperty("aud").GetString());
        Assert.Equal(Wire.ClaimsOf(tokens.IdToken).GetProperty("sub").GetString(), claims.GetProperty("sub").GetString());
        Assert.True(claims.GetProperty("email_verified").GetBoolean());
    }

    [Theory, OnEachDatabase] // UI7, UI14: errors are as for everybody
    public async Task A_refusal_is_not_signed(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var client = await FrontChannelClients.SignedAsync(host, "PS256");
        var tokens = await client.SignInAsync(await host.NewPersonAsync());
        await client.RevokeAsync(tokens.AccessToken);

        foreach (var token in new[] { tokens.AccessToken, "garbage", (await SignedAnswerAsync(client, host)).Body })
        {
            var answer = await client.UserInfoAsync(token);

            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
            Assert.Contains("invalid_token", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
            Assert.DoesNotContain("application/jwt", answer.Headers.GetValueOrDefault("Content-Type") ?? "", StringComparison.Ordinal);
        }
    }

    [Theory, OnEachDatabase] // RFC 8725 §2.8: signed by us for the same client, and still no id_token
    public async Task It_does_not_pass_for_an_id_token(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var client = await FrontChannelClients.SignedAsync(host, "RS256");
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var tokens = await client.SignInAsync(browser, person);
        var answer = (await client.UserInfoAsync(tokens.AccessToken)).OrFail();

        var page = await browser.OpenAsync($"/connect/logout?id_token_hint={answer.Body}");

        Assert.True(page.Has("logout-confirm"), page.ToString());
        (await client.UserInfoAsync(tokens.AccessToken)).OrFail();
    }

    private static async Task<ProtocolResponse> SignedAnswerAsync(RelyingParty client, ProviderHost host) =>
        await client.UserInfoAsync((await client.SignInAsync(await host.NewPersonAsync())).AccessToken);
}
