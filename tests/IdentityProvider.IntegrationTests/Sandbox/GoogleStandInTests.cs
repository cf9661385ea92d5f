using System.Net;
using System.Text.Json;
using Duende.IdentityModel.Client;
using IdentityProvider.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace IdentityProvider.IntegrationTests.Sandbox;

/// <summary>The stand-in has to be as strict as the real one, or what works with it fails in production.</summary>
public class GoogleStandInTests
{
    [Fact]
    public async Task A_chosen_person_comes_back_with_a_code_and_the_state_byte_for_byte()
    {
        await using var google = await GoogleStandIn.StartAsync();
        const string State = "a+b c/=&é\"<>";

        var answer = await google.AnswerAsync(GoogleStandIn.RequestUrl(state: State), ("account", GoogleStandIn.Grace));

        Assert.Equal(State, answer["state"]);
        Assert.Equal(GoogleStandIn.Issuer, answer["iss"]);
        Assert.NotEqual("", answer["code"]);
    }

    [Theory]
    [InlineData("", "the Cancel button")]
    [InlineData("110000000000000000006", "the person who says no")]
    [InlineData("999", "nobody")]
    public async Task Whoever_does_not_consent_comes_back_with_access_denied(string account, string why)
    {
        await using var google = await GoogleStandIn.StartAsync();

        var answer = await google.AnswerAsync(GoogleStandIn.RequestUrl(), ("account", account));

        Assert.True(answer["error"] == "access_denied", why);
        Assert.Equal("s", answer["state"]);
        Assert.False(answer.ContainsKey("code"));
    }

    [Theory]
    [InlineData("client_id", "stranger", HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData("redirect_uri", "http://localhost:5000/signin-google/", HttpStatusCode.BadRequest, "redirect_uri_mismatch")]
    [InlineData("redirect_uri", "https://evil.example/", HttpStatusCode.BadRequest, "redirect_uri_mismatch")]
    public async Task A_request_that_names_a_stranger_ends_in_a_page_and_never_in_a_redirect(
        string parameter, string value, HttpStatusCode status, string error)
    {
        await using var google = await GoogleStandIn.StartAsync();
        var url = GoogleStandIn.RequestUrl(other: new Dictionary<string, string> { [parameter] = value });

        foreach (var response in new[] { await google.Http.GetAsync(url), await google.Http.PostAsync(url, new FormUrlEncodedContent([new("account", GoogleStandIn.Grace)])) })
        {
            Assert.Equal(status, response.StatusCode);
            Assert.Contains(error, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("scope", "", "invalid_scope")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("prompt", "none", "interaction_required")]
    public async Task A_request_that_it_cannot_serve_is_answered_to_the_client(string parameter, string value, string error)
    {
        await using var google = await GoogleStandIn.StartAsync();
        var url = GoogleStandIn.RequestUrl(
            challenge: Wire.ChallengeOf(Wire.RandomText()), other: new Dictionary<string, string> { [parameter] = value });

        using var response = await google.Http.GetAsync(url);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(error, Wire.ParseQuery(response.Headers.Location!.Query)["error"]);
    }

    [Fact]
    public async Task A_code_buys_tokens_once()
    {
        await using var google = await GoogleStandIn.StartAsync();
        var code = await google.CodeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => google.ExchangeAsync(code)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(answer => IsRefused(answer, "invalid_grant")));
    }

    [Fact]
    public async Task A_code_lives_for_a_minute()
    {
        await using var google = await GoogleStandIn.StartAsync();
        var code = await google.CodeAsync();

        google.Clock.Advance(TimeSpan.FromSeconds(60));

        Assert.True(IsRefused(await google.ExchangeAsync(code), "invalid_grant"));
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_and_costs_nothing()
    {
        await using var google = await GoogleStandIn.StartAsync();
        var code = await google.CodeAsync();

        var refused = await google.ExchangeAsync(code, secret: "wrong");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Equal("invalid_client", refused.Body.GetProperty("error").GetString());
        Assert.Equal(HttpStatusCode.OK, (await google.ExchangeAsync(code)).Status);
    }

    [Fact]
    public async Task A_code_is_bound_to_its_redirect_uri()
    {
        await using var google = await GoogleStandIn.StartAsync();

        var answer = await google.ExchangeAsync(await google.CodeAsync(), redirectUri: GoogleStandIn.OtherRedirectUri);

        Assert.True(IsRefused(answer, "invalid_grant"));
    }

    [Fact] // RFC 7636 §4.6
    public async Task A_code_with_a_challenge_needs_its_verifier()
    {
        await using var google = await GoogleStandIn.StartAsync();
        var verifier = Wire.RandomText();
        var url = GoogleStandIn.RequestUrl(challenge: Wire.ChallengeOf(verifier));

        Assert.Equal(HttpStatusCode.OK, (await google.ExchangeAsync(await google.CodeAsync(url), verifier)).Status);
        Assert.True(IsRefused(await google.ExchangeAsync(await google.CodeAsync(url), Wire.RandomText()), "invalid_grant"));
        Assert.True(IsRefused(await google.ExchangeAsync(await google.CodeAsync(url)), "invalid_grant"));
        Assert.True(IsRefused(await google.ExchangeAsync(await google.CodeAsync(), verifier), "invalid_grant"));
    }

    [Fact]
    public async Task Userinfo_tells_what_the_scopes_cover_in_the_shape_of_Google()
    {
        await using var google = await GoogleStandIn.StartAsync();

        Assert.Equal(
            """{"sub":"110000000000000000001","name":"Grace Newman","given_name":"Grace","family_name":"Newman","locale":"en","email":"grace@mail.sandbox.example","email_verified":true}""",
            await UserInfoOfAsync(google, "openid profile email", GoogleStandIn.Grace));
        Assert.Equal("""{"sub":"110000000000000000001"}""", await UserInfoOfAsync(google, "openid", GoogleStandIn.Grace));
        Assert.Equal(
            """{"sub":"110000000000000000003","email":"umberto@mail.sandbox.example","email_verified":false}""",
            await UserInfoOfAsync(google, "email", "110000000000000000003"));
        Assert.Equal(
            """{"sub":"110000000000000000004","email":"selma@mail.sandbox.example"}""",
            await UserInfoOfAsync(google, "email", "110000000000000000004"));
    }

    [Fact]
    public async Task Somebody_else_can_be_anybody()
    {
        await using var google = await GoogleStandIn.StartAsync();
        var answer = await google.AnswerAsync(
            GoogleStandIn.RequestUrl(),
            ("account", "other"), ("other-subject", "42"), ("other-name", "Ada"), ("other-email", "ada@sandbox.example"), ("other-email-verified", "true"));
        var tokens = await google.ExchangeAsync(answer["code"]);

        var (_, body) = await google.UserInfoAsync(tokens.Body.GetProperty("access_token").GetString()!);

        Assert.Equal("""{"sub":"42","name":"Ada","given_name":"Ada","locale":"en","email":"ada@sandbox.example","email_verified":true}""", body);
    }

    [Fact]
    public async Task Userinfo_refuses_a_token_it_did_not_issue_or_that_is_too_old()
    {
        await using var google = await GoogleStandIn.StartAsync();
        var tokens = await google.ExchangeAsync(await google.CodeAsync());

        google.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(HttpStatusCode.Unauthorized, (await google.UserInfoAsync(tokens.Body.GetProperty("access_token").GetString()!)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await google.UserInfoAsync("made-up")).Status);
    }

    [Fact]
    public async Task It_is_a_provider_that_a_client_library_can_discover_and_verify()
    {
        await using var google = await GoogleStandIn.StartAsync();
        var discovery = await google.Http.GetDiscoveryDocumentAsync(GoogleStandIn.Issuer);
        Assert.False(discovery.IsError, discovery.Error);

        var url = GoogleStandIn.RequestUrl(other: new Dictionary<string, string> { ["nonce"] = "n-1" });
        var tokens = await google.ExchangeAsync(await google.CodeAsync(url));
        var idToken = await new JsonWebTokenHandler().ValidateTokenAsync(tokens.Body.GetProperty("id_token").GetString(), new()
        {
            ValidIssuer = GoogleStandIn.Issuer,
            ValidAudience = GoogleStandIn.ClientId,
            ValidAlgorithms = ["RS256"],
            IssuerSigningKeys = new JsonWebKeySet(JsonSerializer.Serialize(discovery.KeySet)).Keys,
        });

        Assert.True(idToken.IsValid, idToken.Exception?.Message);
        Assert.Equal(GoogleStandIn.Grace, idToken.Claims["sub"]);
        Assert.Equal("n-1", idToken.Claims["nonce"]);
    }

    private static bool IsRefused((HttpStatusCode Status, JsonElement Body) answer, string error) =>
        answer.Status == HttpStatusCode.BadRequest && answer.Body.GetProperty("error").GetString() == error;

    private static async Task<string> UserInfoOfAsync(GoogleStandIn google, string scope, string account)
    {
        var tokens = await google.ExchangeAsync(await google.CodeAsync(GoogleStandIn.RequestUrl(scope), account));
        return (await google.UserInfoAsync(tokens.Body.GetProperty("access_token").GetString()!)).Body;
    }
}
