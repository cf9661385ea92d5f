using System.Net;
using System.Text;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Grants;

/// <summary>The token endpoint with an authorization code. Checklist rows TK1 to TK28.</summary>
public sealed class CodeExchangeTests(SharedProviders providers)
{
    [Theory, OnEachDatabase] // TK1, TK22
    public async Task A_code_becomes_tokens(TestDatabase database)
    {
        var (shop, request, code) = await CodeAsync(database, Shop, "openid offline_access orders");

        var answer = await shop.ExchangeAsync(code, request);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.StartsWith("application/json", answer.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.Equal("Bearer", answer["token_type"]);
        Assert.True(answer.Json.GetProperty("expires_in").GetInt32() > 0);
        Assert.NotEmpty(answer.IdToken);
        Assert.True(answer.RefreshToken.Length >= 22, answer.RefreshToken);
        Assert.Equal("at+jwt", Wire.HeaderOf(answer.AccessToken).GetProperty("typ").GetString());
    }

    [Theory, OnEachDatabase] // TK2
    public async Task A_client_may_send_its_secret_in_the_form(TestDatabase database)
    {
        var (poster, request, code) = await CodeAsync(database, Poster);

        Assert.Equal(HttpStatusCode.OK, (await poster.ExchangeAsync(code, request)).Status);
    }

    [Theory, OnEachDatabase] // TK3: RFC 6749 §2.3.1, both halves are form-encoded
    public async Task Basic_credentials_are_percent_decoded(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var id = "odd client:" + Wire.RandomText(6);
        const string Secret = "a+b%c:d e/0000000000000000000000000000000000000";
        await host.ApplyAsync($$"""
            { "clients": [ { "client_id": "{{id.Replace(' ', '-')}}", "client_secret": "{{Secret}}", "grant_types": ["client_credentials"], "scope": "orders" } ] }
            """);

        var odd = new RelyingParty(host, id.Replace(' ', '-'), Secret, null, AuthenticationBy.Basic);

        Assert.Equal(HttpStatusCode.OK, (await odd.ClientCredentialsAsync("orders")).Status);
        // The same with every character encoded, %2D among them.
        var encoded = new HttpRequestMessage(HttpMethod.Post, "connect/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials" }),
        };
        encoded.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String(
            Encoding.ASCII.GetBytes($"{Percent(odd.ClientId)}:{Percent(Secret)}")));
        Assert.Equal(HttpStatusCode.OK, (await odd.SendAsync(encoded)).Status);

        static string Percent(string text) => string.Concat(text.Select(character => $"%{(int)character:X2}"));
    }

    [Theory, OnEachDatabase] // TK4
    public async Task A_client_authenticates_as_it_registered_to(TestDatabase database)
    {
        var (shop, request, code) = await CodeAsync(database, Shop);

        var answer = await shop.With(shop.Secret, AuthenticationBy.Post).ExchangeAsync(code, request);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Error));
    }

    [Theory, OnEachDatabase] // TK5
    public async Task A_wrong_secret_is_refused_with_a_challenge(TestDatabase database)
    {
        var (shop, request, code) = await CodeAsync(database, Shop);

        var answer = await shop.With("wrong").ExchangeAsync(code, request);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Error));
        Assert.StartsWith("Basic", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase] // TK6
    public async Task A_confidential_client_without_credentials_is_refused(TestDatabase database)
    {
        var (shop, request, code) = await CodeAsync(database, Shop);

        var answer = await shop.With(null, AuthenticationBy.None).ExchangeAsync(code, request);

        Assert.Equal("invalid_client", answer.Error);
    }

    [Theory, OnEachDatabase] // TK7
    public async Task Two_ways_of_authentication_at_once_are_refused(TestDatabase database)
    {
        var (shop, request, code) = await CodeAsync(database, Shop);

        var answer = await shop.TokenAsync(new()
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = request.RedirectUri,
            ["code_verifier"] = request.CodeVerifier, ["client_id"] = Shop, ["client_secret"] = shop.Secret!,
        });

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Error));
    }

    [Theory, OnEachDatabase] // TK8, TK9: RFC 6749 §4.1.2, the tokens of the first use die with the second
    public async Task A_replayed_code_is_refused_and_ends_its_grant(TestDatabase database)
    {
        var (shop, request, code) = await CodeAsync(database, Shop, "openid offline_access");
        var first = (await shop.ExchangeAsync(code, request)).OrFail();

        var second = await shop.ExchangeAsync(code, request);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (second.Status, second.Error));
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.UserInfoAsync(first.AccessToken)).Status);
        Assert.Equal("invalid_grant", (await shop.RefreshAsync(first.RefreshToken)).Error);
    }

    [Theory, OnEachDatabase] // A replay ends the grant of that code only: the other device stays signed in.
    public async Task A_replayed_code_ends_nothing_elsewhere(TestDatabase database)
    {
        var (shop, request, code) = await CodeAsync(database, Shop, "openid offline_access");
        var elsewhere = await shop.SignInAsync(Alice, AlicePassword, "openid offline_access");
        await shop.ExchangeAsync(code, request);

        await shop.ExchangeAsync(code, request);

        Assert.Equal(HttpStatusCode.OK, (await shop.UserInfoAsync(elsewhere.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await shop.RefreshAsync(elsewhere.RefreshToken)).Status);
    }

    [Theory, OnEachDatabase] // TK10
    public async Task A_code_lives_sixty_seconds(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var shop = host.RelyingParty(Shop);
        var (inTime, tooLate) = (shop.NewRequest(), shop.NewRequest());
        using var browser = host.NewBrowser();
        var code = inTime.CodeFrom(await browser.AuthorizeAsync(inTime, Alice, AlicePassword));
        host.Clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(HttpStatusCode.OK, (await shop.ExchangeAsync(code, inTime)).Status);

        code = tooLate.CodeFrom(await browser.AuthorizeAsync(tooLate, Alice, AlicePassword));
        host.Clock.Advance(TimeSpan.FromSeconds(61));
        var answer = await shop.ExchangeAsync(code, tooLate);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (answer.Status, answer.Error));
    }

    [Theory, OnEachDatabase] // TK11
    public async Task A_code_is_for_the_client_it_was_given_to(TestDatabase database)
    {
        var (shop, request, code) = await CodeAsync(database, Shop);

        var stolen = await shop.Node.RelyingParty(Stall).ExchangeAsync(code, request);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (stolen.Status, stolen.Error));
    }

    [Theory, OnEachDatabase] // TK12
    public async Task The_client_id_in_the_form_must_be_the_authenticated_one(TestDatabase database)
    {
        var (shop, request, code) = await CodeAsync(database, Shop);

        var answer = await shop.TokenAsync(new()
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = request.RedirectUri,
            ["code_verifier"] = request.CodeVerifier, ["client_id"] = Stall,
        });

        Assert.Contains(answer.Error, new[] { "invalid_client", "invalid_grant", "invalid_request" });
    }

    [Theory, OnEachDatabase("https://app.example/callback?bar=foo"), OnEachDatabase([null])] // TK13
    public async Task The_redirect_uri_must_be_the_one_of_the_request(TestDatabase database, string? redirectUri)
    {
        var (shop, request, code) = await CodeAsync(database, Shop);
        Dictionary<string, string> form = new() { ["grant_type"] = "authorization_code", ["code"] = code, ["code_verifier"] = request.CodeVerifier };
        if (redirectUri is not null)
        {
            form["redirect_uri"] = redirectUri;
        }

        var answer = await shop.TokenAsync(form);

        string[] errors = redirectUri is null ? ["invalid_grant", "invalid_request"] : ["invalid_grant"];
        Assert.Contains(answer.Error, errors);
    }

    [Theory, OnEachDatabase("another-verifier-another-verifier-another-verif"), OnEachDatabase([null])] // TK14, TK15, TK17
    public async Task The_code_verifier_must_fit(TestDatabase database, string? verifier)
    {
        var (shop, request, code) = await CodeAsync(database, Shop);
        Dictionary<string, string> form = new() { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = request.RedirectUri };
        if (verifier is not null)
        {
            form["code_verifier"] = verifier;
        }

        var answer = await shop.TokenAsync(form);

        // RFC 7636 §4.6
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (answer.Status, answer.Error));
    }

    [Theory, OnEachDatabase] // TK16: RFC 9700 §4.8.2, a downgrade
    public async Task A_verifier_without_a_challenge_before_is_refused(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var id = "no-pkce-" + Wire.RandomText(6);
        const string Secret = "no-pkce-secret-000000000000000000000000000000";
        await host.ApplyAsync($$"""
            { "clients": [ { "client_id": "{{id}}", "client_secret": "{{Secret}}", "grant_types": ["authorization_code"],
                "redirect_uris": ["{{RedirectUri}}"], "scope": "openid", "require_pkce": false, "first_party": true } ] }
            """);
        var client = new RelyingParty(host, id, Secret, RedirectUri, AuthenticationBy.Basic);
        var request = client.NewRequest(change: parameters =>
        {
            parameters.Remove("code_challenge");
            parameters.Remove("code_challenge_method");
        });
        using var browser = host.NewBrowser();
        var code = request.CodeFrom(await browser.AuthorizeAsync(request, Alice, AlicePassword));

        var answer = await client.ExchangeAsync(code, request);

        Assert.Contains(answer.Error, new[] { "invalid_grant", "invalid_request" });
    }

    [Theory, OnEachDatabase] // TK18
    public async Task Garbage_is_no_code(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        var answer = await shop.ExchangeAsync("garbage", shop.NewRequest());

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (answer.Status, answer.Error));
    }

    // TK19, TK24
    [Theory]
    [OnEachDatabase(null, "invalid_request")]
    [OnEachDatabase("urn:example:made-up", "unsupported_grant_type")]
    [OnEachDatabase("password", "unsupported_grant_type")]
    [OnEachDatabase("client_credentials", "unauthorized_client")]
    public async Task A_grant_type_that_is_not_for_this_client_is_refused(TestDatabase database, string? grantType, string error)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        Dictionary<string, string> form = new() { ["username"] = Alice, ["password"] = AlicePassword };
        if (grantType is not null)
        {
            form["grant_type"] = grantType;
        }

        var answer = await shop.TokenAsync(form);

        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, answer.Error));
        // TK25
        Assert.StartsWith("application/json", answer.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.Matches(@"^[\x20-\x21\x23-\x5B\x5D-\x7E]*$", answer.Find("error_description") ?? "");
        Assert.Null(answer.Find("error_uri"));
    }

    [Theory, OnEachDatabase] // TK20
    public async Task Only_a_form_post_is_a_token_request(TestDatabase database)
    {
        var (shop, request, code) = await CodeAsync(database, Shop);
        Dictionary<string, string> form = new()
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = request.RedirectUri, ["code_verifier"] = request.CodeVerifier,
        };
        HttpRequestMessage[] attempts =
        [
            new(HttpMethod.Get, "connect/token?" + Wire.QueryOf(form)),
            new(HttpMethod.Post, "connect/token?" + Wire.QueryOf(form)) { Content = new FormUrlEncodedContent([]) },
            new(HttpMethod.Post, "connect/token") { Content = System.Net.Http.Json.JsonContent.Create(form) },
        ];

        foreach (var attempt in attempts)
        {
            attempt.Headers.TryAddWithoutValidation("Authorization", Wire.Basic(Shop, shop.Secret!));
            var answer = await shop.SendAsync(attempt);

            Assert.InRange((int)answer.Status, 400, 499);
            Assert.Null(answer.Find("access_token"));
        }
    }

    [Theory, OnEachDatabase] // TK21: RFC 6749 §3.2
    public async Task A_repeated_parameter_is_refused(TestDatabase database)
    {
        var (shop, request, code) = await CodeAsync(database, Shop);
        var content = new FormUrlEncodedContent(
        [
            new("grant_type", "authorization_code"), new("code", code), new("code", code),
            new("redirect_uri", request.RedirectUri), new("code_verifier", request.CodeVerifier),
        ]);
        var message = new HttpRequestMessage(HttpMethod.Post, "connect/token") { Content = content };
        message.Headers.TryAddWithoutValidation("Authorization", Wire.Basic(Shop, shop.Secret!));

        var answer = await shop.SendAsync(message);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Error));
    }

    [Theory, OnEachDatabase] // TK26
    public async Task Of_many_exchanges_of_one_code_at_once_exactly_one_succeeds(TestDatabase database)
    {
        var (shop, request, code) = await CodeAsync(database, Shop);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.ExchangeAsync(code, request)));

        Assert.Single(answers, answer => answer.Succeeded);
        Assert.All(answers.Where(answer => !answer.Succeeded), answer => Assert.Equal("invalid_grant", answer.Error));
    }

    [Theory, OnEachDatabase] // The README's promise for browser apps and native apps.
    public async Task A_public_client_exchanges_its_code_by_the_verifier_alone(TestDatabase database)
    {
        var (spa, request, code) = await CodeAsync(database, Spa, "openid orders");

        Assert.Equal(HttpStatusCode.OK, (await spa.ExchangeAsync(code, request)).Status);
    }

    [Theory, OnEachDatabase] // TK28: RFC 6749 §5.1; AZ25: OpenID Connect Core §11
    public async Task A_scope_other_than_the_one_asked_for_is_told(TestDatabase database)
    {
        var (poster, request, code) = await CodeAsync(database, Poster, "openid offline_access");

        Assert.Equal("openid", (await poster.ExchangeAsync(code, request)).OrFail()["scope"]);
    }

    [Theory, OnEachDatabase] // RF11: no refresh_token without the grant type, whatever is asked for
    public async Task Without_the_grant_type_there_is_no_refresh_token(TestDatabase database)
    {
        var (poster, request, code) = await CodeAsync(database, Poster, "openid");

        Assert.Null((await poster.ExchangeAsync(code, request)).OrFail().Find("refresh_token"));
    }

    private async Task<(RelyingParty Client, AuthorizationRequest Request, string Code)> CodeAsync(
        TestDatabase database, string clientId, string scope = "openid")
    {
        var host = await providers.OnAsync(database);
        var client = host.RelyingParty(clientId);
        var request = client.NewRequest(scope);
        using var browser = host.NewBrowser();
        return (client, request, request.CodeFrom(await browser.AuthorizeAsync(request, Alice, AlicePassword)));
    }
}
