using System.Net;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Grants;

/// <summary>Authorization codes: RFC 6749 §4.1, RFC 7636, RFC 9700 §4.5.</summary>
public class AuthorizationCodeTests(SharedProviders providers)
{
    [Theory, OnEachDatabase] // TK1
    public async Task A_code_is_exchanged_for_tokens(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);

        var tokens = await shop.SignInAsync(await provider.NewPersonAsync(), "openid profile");

        Assert.Equal("Bearer", tokens["token_type"]);
        Assert.True(tokens.Json.GetProperty("expires_in").GetInt32() > 0);
        Assert.Contains("no-store", tokens.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.Equal("at+jwt", Jwt.HeaderOf(tokens.AccessToken).GetProperty("typ").GetString());
        Assert.Equal("ES256", Jwt.HeaderOf(tokens.AccessToken).GetProperty("alg").GetString());
        Assert.Equal("RS256", Jwt.HeaderOf(tokens.IdToken).GetProperty("alg").GetString());
    }

    [Theory, OnEachDatabase] // ID2-ID11: OpenID Connect Core §2
    public async Task The_id_token_says_who_when_how_and_nothing_of_our_own_inside(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var request = shop.NewRequest("openid profile email");
        var page = await browser.AuthorizeAsync(request, person);

        var tokens = (await shop.ExchangeAsync(request.CodeFrom(page), request)).OrFail();

        var claims = Jwt.PayloadOf(tokens.IdToken);
        Assert.Equal(provider.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal(shop.ClientId, claims.GetProperty("aud").GetString());
        Assert.Equal(person.Subject, claims.GetProperty("sub").GetString());
        Assert.Equal(request.Nonce, claims.GetProperty("nonce").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Number, claims.GetProperty("auth_time").ValueKind);
        Assert.Equal(["pwd"], claims.GetProperty("amr").EnumerateArray().Select(method => method.GetString()));
        Assert.NotEmpty(claims.GetProperty("acr").GetString()!);
        Assert.NotEmpty(claims.GetProperty("sid").GetString()!);
        Assert.DoesNotContain(claims.EnumerateObject(), claim => claim.Name.StartsWith("oi_", StringComparison.Ordinal));
        Assert.False(claims.TryGetProperty("email", out _), "Scope claims belong to userinfo when there is an access token (§5.4).");
    }

    [Theory, OnEachDatabase] // TK8, TK9
    public async Task A_code_used_twice_ends_everything_that_came_of_it(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        using var browser = provider.NewBrowser();
        var request = shop.NewRequest("openid");
        var code = request.CodeFrom(await browser.AuthorizeAsync(request, await provider.NewPersonAsync()));
        var tokens = (await shop.ExchangeAsync(code, request)).OrFail();
        (await shop.UserInfoAsync(tokens.AccessToken)).OrFail();

        var replayed = await shop.ExchangeAsync(code, request);

        Assert.Equal(HttpStatusCode.BadRequest, replayed.Status);
        Assert.Equal("invalid_grant", replayed.Error);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.UserInfoAsync(tokens.AccessToken)).Status);
        Assert.Equal("invalid_grant", (await shop.RefreshAsync(tokens.RefreshToken)).Error);
    }

    [Theory, OnEachDatabase]
    public async Task A_replay_on_one_device_leaves_the_other_alone(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        var person = await provider.NewPersonAsync();
        var laptop = await shop.SignInAsync(person);
        using var phone = provider.NewBrowser();
        var request = shop.NewRequest();
        var code = request.CodeFrom(await phone.AuthorizeAsync(request, person));
        (await shop.ExchangeAsync(code, request)).OrFail();

        Assert.Equal("invalid_grant", (await shop.ExchangeAsync(code, request)).Error);

        (await shop.UserInfoAsync(laptop.AccessToken)).OrFail();
        (await shop.RefreshAsync(laptop.RefreshToken)).OrFail();
    }

    [Theory, OnEachDatabase] // TK26
    public async Task Of_sixteen_exchanges_at_once_on_two_nodes_exactly_one_succeeds(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await using var other = await provider.StartSecondNodeAsync();
        using var browser = provider.NewBrowser();
        var request = provider.RelyingParty(StandardDeclaration.Shop).NewRequest();
        var code = request.CodeFrom(await browser.AuthorizeAsync(request, await provider.NewPersonAsync()));

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(index =>
            (index % 2 == 0 ? provider : other).RelyingParty(StandardDeclaration.Shop).ExchangeAsync(code, request)));

        Assert.Single(answers, answer => answer.Succeeded);
        Assert.All(answers.Where(answer => !answer.Succeeded), answer => Assert.Equal("invalid_grant", answer.Error));
    }

    [Theory, OnEachDatabase] // TK10
    public async Task A_code_lives_for_a_minute(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        using var browser = provider.NewBrowser();
        var request = shop.NewRequest();
        var code = request.CodeFrom(await browser.AuthorizeAsync(request, await provider.NewPersonAsync()));
        provider.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal("invalid_grant", (await shop.ExchangeAsync(code, request)).Error);
    }

    [Theory, OnEachDatabase] // TK11, TK13, TK14, TK18
    public async Task A_code_is_bound_to_its_client_its_redirect_uri_and_its_verifier(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        using var browser = provider.NewBrowser();
        var person = await provider.NewPersonAsync();
        var request = shop.NewRequest();
        var code = request.CodeFrom(await browser.AuthorizeAsync(request, person));

        Assert.Equal("invalid_grant", (await provider.RelyingParty(StandardDeclaration.Stall).ExchangeAsync(code, request)).Error);
        Assert.Equal("invalid_grant", (await shop.ExchangeAsync(code, request with { CodeVerifier = new string('x', 43) })).Error);
        Assert.Equal("invalid_grant", (await shop.TokenAsync(new()
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = StandardDeclaration.RedirectUri + "?bar=foo",
            ["code_verifier"] = request.CodeVerifier,
        })).Error);
        Assert.Equal("invalid_grant", (await shop.ExchangeAsync("made-up", request)).Error);
        (await shop.ExchangeAsync(code, request)).OrFail();
    }

    [Theory, OnEachDatabase]
    public async Task A_code_is_worth_nothing_after_its_person_signed_out(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        using var browser = provider.NewBrowser();
        var request = shop.NewRequest();
        var code = request.CodeFrom(await browser.AuthorizeAsync(request, await provider.NewPersonAsync()));
        await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");

        Assert.Equal("invalid_grant", (await shop.ExchangeAsync(code, request)).Error);
    }
}
