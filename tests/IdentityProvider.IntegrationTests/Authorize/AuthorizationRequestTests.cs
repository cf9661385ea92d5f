using System.Net;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Authorize;

/// <summary>What the authorization endpoint accepts and how it answers. Checklist rows AZ1 to AZ25 and AZ41 to AZ64.</summary>
public sealed class AuthorizationRequestTests(SharedProviders providers)
{
    [Theory, OnEachDatabase] // AZ1, AZ56
    public async Task The_answer_is_a_code_the_state_and_the_issuer_in_the_query(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        var (request, page) = await AuthorizeAsync(shop);

        Assert.Equal(HttpStatusCode.Found, Redirect(page.Status));
        Assert.Equal(["code", "iss", "state"], request.AnswerFrom(page).Keys.Order(StringComparer.Ordinal));
        Assert.Equal("", page.Location!.Fragment);
        Assert.InRange(request.CodeFrom(page).Length, 22, 512);
    }

    [Theory, OnEachDatabase] // AZ3, AZ4, AZ41, AZ42, AZ43, AZ44, AZ45: nothing of this changes the answer
    public async Task Order_unknown_parameters_and_hints_do_no_harm(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        foreach (var (name, value) in new[]
        {
            ("scope", "email openid"), ("extra", "foobar"), ("display", "page"), ("display", "popup"), ("display", "touch"), ("display", "wap"),
            ("display", "bogus"), ("ui_locales", "se"), ("claims_locales", "se"), ("ui_locales", "%%%"), ("login_hint", "<b>somebody</b>"),
            ("acr_values", "1 2"), ("claims", """{"userinfo":{"name":{"essential":true}}}"""), ("prompt", ""),
        })
        {
            var (request, page) = await AuthorizeAsync(shop, change: parameters => parameters[name] = value);

            Assert.NotEmpty(request.CodeFrom(page));
        }

        var original = shop.NewRequest();
        var reversed = original with { Parameters = original.Parameters.Reverse().ToDictionary() };
        using var browser = shop.Node.NewBrowser();
        Assert.NotEmpty(reversed.CodeFrom(await browser.AuthorizeAsync(reversed, Alice, AlicePassword)));
    }

    [Theory, OnEachDatabase] // AZ41
    public async Task The_login_hint_is_filled_in_as_text(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();

        var page = await browser.OpenAsync(host.RelyingParty(Shop).NewRequest(change: parameters => parameters["login_hint"] = "\"><b>x").Url);

        Assert.Equal("\"><b>x", page.Element("username").GetAttribute("value"));
    }

    // AZ5
    [Theory]
    [OnEachDatabase(128, "x")]
    [OnEachDatabase(1000, "x")]
    [OnEachDatabase(1, " + & = ü % / ? # \" '")]
    public async Task The_state_comes_back_exactly(TestDatabase database, int times, string part)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var state = string.Concat(Enumerable.Repeat(part, times));

        var (request, page) = await AuthorizeAsync(shop, change: parameters => parameters["state"] = state);

        Assert.Equal(state, request.AnswerFrom(page)["state"]);
    }

    [Theory, OnEachDatabase] // AZ6, AZ7
    public async Task Without_state_and_nonce_there_is_neither(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        var (request, page) = await AuthorizeAsync(shop, change: parameters =>
        {
            parameters.Remove("state");
            parameters.Remove("nonce");
        });

        Assert.DoesNotContain("state", request.AnswerFrom(page).Keys);
        var tokens = (await shop.ExchangeAsync(request.CodeFrom(page), request)).OrFail();
        Assert.False(Wire.ClaimsOf(tokens.IdToken).TryGetProperty("nonce", out _));
    }

    [Theory, OnEachDatabase(64), OnEachDatabase(384)] // AZ10
    public async Task The_nonce_is_never_cut(TestDatabase database, int length)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        var tokens = await shop.SignInAsync(Alice, AlicePassword, change: parameters => parameters["nonce"] = new string('n', length));

        Assert.Equal(new string('n', length), Wire.ClaimsOf(tokens.IdToken).GetProperty("nonce").GetString());
    }

    // AZ15, AZ16, AZ17, AZ19, AZ20: RFC 6749 §4.1.2.1, the person is told and the address is not followed.
    [Theory]
    [OnEachDatabase("client_id", null)]
    [OnEachDatabase("client_id", "nobody")]
    [OnEachDatabase("redirect_uri", null)]
    [OnEachDatabase("redirect_uri", "https://app.example/callbackx")]
    [OnEachDatabase("redirect_uri", "https://app.example/callback?foo=bar")]
    [OnEachDatabase("redirect_uri", "https://app.example/callback?bar=changed")]
    [OnEachDatabase("redirect_uri", "https://app.example/Callback")]
    [OnEachDatabase("redirect_uri", "https://APP.example/callback")]
    [OnEachDatabase("redirect_uri", "https://app.example/callback/")]
    [OnEachDatabase("redirect_uri", "https://app.example//callback")]
    [OnEachDatabase("redirect_uri", "https://app.example/x/../callback")]
    [OnEachDatabase("redirect_uri", "https://app.example:443/callback")]
    [OnEachDatabase("redirect_uri", "https://app.example:8443/callback")]
    [OnEachDatabase("redirect_uri", "https://user@app.example/callback")]
    [OnEachDatabase("redirect_uri", "https://app.example/callback#fragment")]
    [OnEachDatabase("redirect_uri", "http://app.example/callback")]
    [OnEachDatabase("redirect_uri", "https://evil.example/callback")]
    public async Task A_request_that_could_lead_elsewhere_ends_in_a_page(TestDatabase database, string name, string? value)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();
        var request = host.RelyingParty(Shop).NewRequest(change: parameters => Set(parameters, name, value));

        var page = await browser.OpenAsync(request.Url);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Null(page.Location);
        Assert.True(page.Has("error-title"));
        Assert.Empty(page.Document.QuerySelectorAll("[href*='evil.example'], [href*='app.example'], meta[http-equiv=refresh]"));
    }

    [Theory, OnEachDatabase] // AZ18: RFC 6749 §3.1.2
    public async Task A_registered_query_is_kept(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        var (request, page) = await AuthorizeAsync(shop, change: parameters => parameters["redirect_uri"] = RedirectUri + "?bar=foo");

        Assert.Equal("foo", page.LocationQuery["bar"]);
        Assert.True((await shop.ExchangeAsync(page.LocationQuery["code"], request)).Succeeded);
    }

    [Theory, OnEachDatabase] // AZ21: RFC 8252 §7.3
    public async Task A_native_app_listens_on_any_loopback_port(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var native = host.RelyingParty(Native);
        using var browser = host.NewBrowser();
        var request = native.NewRequest(change: parameters => parameters["redirect_uri"] = "http://127.0.0.1:51234/callback");
        var elsewhere = native.NewRequest(change: parameters => parameters["redirect_uri"] = "http://127.0.0.2:51234/callback");

        var page = await browser.AuthorizeAsync(request, Alice, AlicePassword);

        Assert.True((await native.ExchangeAsync(request.CodeFrom(page), request)).Succeeded);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenAsync(elsewhere.Url)).Status);
    }

    // AZ11, AZ12, AZ14, AZ23, AZ29, AZ32 (account creation is not offered), AZ36, AZ46, AZ49, AZ53, AZ58, AZ60, RO1, RO2: RFC 6749 §4.1.2.1, a good client is told at its own address.
    [Theory]
    [OnEachDatabase("response_type", "foo", "unsupported_response_type")]
    [OnEachDatabase("response_type", "token", "unsupported_response_type unauthorized_client invalid_request")]
    [OnEachDatabase("response_type", "id_token", "unsupported_response_type unauthorized_client invalid_request")]
    [OnEachDatabase("response_type", "code id_token", "unsupported_response_type unauthorized_client invalid_request")]
    [OnEachDatabase("response_type", null, "invalid_request unsupported_response_type")]
    [OnEachDatabase("response_mode", "foo", "invalid_request unsupported_response_mode")]
    [OnEachDatabase("scope", "openid made-up", "invalid_scope")]
    [OnEachDatabase("prompt", "none login", "invalid_request")]
    [OnEachDatabase("prompt", "none select_account", "invalid_request")]
    [OnEachDatabase("prompt", "made-up", "invalid_request")]
    [OnEachDatabase("prompt", "create", "invalid_request")]
    [OnEachDatabase("prompt", "login made-up", "invalid_request")]
    [OnEachDatabase("claims", "not json", "invalid_request")]
    [OnEachDatabase("max_age", "-1", "invalid_request")]
    [OnEachDatabase("max_age", "abc", "invalid_request")]
    [OnEachDatabase("code_challenge", null, "invalid_request")]
    [OnEachDatabase("code_challenge_method", null, "invalid_request")]
    [OnEachDatabase("code_challenge_method", "plain", "invalid_request")]
    [OnEachDatabase("code_challenge_method", "S512", "invalid_request")]
    [OnEachDatabase("code_challenge", "012345678901234567890123456789012345678901", "invalid_request")]
    [OnEachDatabase("code_challenge", "0123456789012345678901234567890123456789!!+", "invalid_request")]
    [OnEachDatabase("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")]
    [OnEachDatabase("request_uri", "https://app.example/request.jwt", "request_uri_not_supported")]
    public async Task A_mistake_of_a_known_client_comes_back_to_it(TestDatabase database, string name, string? value, string errors)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();
        var request = host.RelyingParty(Shop).NewRequest(change: parameters => Set(parameters, name, value));

        var page = await browser.OpenAsync(request.Url);

        Assert.Contains(request.ErrorFrom(page), errors.Split(' '));
        var answer = request.AnswerFrom(page);
        Assert.Empty(answer.Keys.Except(["error", "error_description", "state", "iss"]));
        // AZ50: RFC 6749 §4.1.2.1
        Assert.Matches(@"^[\x20-\x21\x23-\x5B\x5D-\x7E]*$", answer.GetValueOrDefault("error_description") ?? "");
    }

    [Theory, OnEachDatabase] // AZ59: both halves of PKCE missing, public client
    public async Task A_public_client_without_PKCE_is_refused(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();
        var request = host.RelyingParty(Spa).NewRequest(change: parameters =>
        {
            parameters.Remove("code_challenge");
            parameters.Remove("code_challenge_method");
        });

        Assert.Equal("invalid_request", request.ErrorFrom(await browser.OpenAsync(request.Url)));
    }

    [Theory, OnEachDatabase] // AZ22
    public async Task Without_openid_it_is_plain_OAuth(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        var tokens = await shop.SignInAsync(Alice, AlicePassword, "orders");

        Assert.Null(tokens.Find("id_token"));
    }

    [Theory, OnEachDatabase] // AZ23: a client's scope lists what it may ask for
    public async Task A_scope_that_is_not_the_clients_is_refused(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();
        var request = host.RelyingParty(Spa).NewRequest("openid email");

        Assert.Equal("invalid_scope", request.ErrorFrom(await browser.OpenAsync(request.Url)));
    }

    [Theory, OnEachDatabase] // AZ53
    public async Task The_fragment_mode_answers_in_the_fragment(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        var (request, page) = await AuthorizeAsync(shop, change: parameters => parameters["response_mode"] = "fragment");

        Assert.Equal("", page.Location!.Query);
        Assert.Equal(request.State, page.LocationFragment["state"]);
        Assert.True((await shop.ExchangeAsync(page.LocationFragment["code"], request)).Succeeded);
    }

    [Theory, OnEachDatabase] // AZ51, AZ52: OAuth 2.0 Form Post Response Mode
    public async Task The_form_post_mode_answers_by_a_form_that_also_works_without_scripts(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var shop = host.RelyingParty(Shop);

        var (request, page) = await AuthorizeAsync(shop, change: parameters => parameters["response_mode"] = "form_post");
        var (_, refused) = await AuthorizeAsync(shop, change: parameters =>
        {
            parameters["response_mode"] = "form_post";
            parameters["scope"] = "made-up";
        });

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("no-store", page.Headers["Cache-Control"], StringComparison.Ordinal);
        var fields = Fields(page);
        Assert.Equal(["code", "iss", "state"], fields.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(request.State, fields["state"]);
        Assert.Contains("form-action 'self' https://app.example", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.NotNull(page.Document.QuerySelector("noscript"));
        Assert.All(page.Document.QuerySelectorAll("script"), script => Assert.NotNull(script.GetAttribute("src")));
        Assert.True((await shop.ExchangeAsync(fields["code"], request)).Succeeded);
        Assert.Equal("invalid_scope", Fields(refused)["error"]);

        static Dictionary<string, string> Fields(Page page)
        {
            var form = page.Document.QuerySelector("form")!;
            Assert.Equal((RedirectUri, "post"), (form.GetAttribute("action"), form.GetAttribute("method")!.ToLowerInvariant()));
            return form.QuerySelectorAll("input[name]").ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!);
        }
    }

    [Theory, OnEachDatabase("state"), OnEachDatabase("client_id"), OnEachDatabase("redirect_uri"), OnEachDatabase("scope")] // AZ57: RFC 6749 §3.1
    public async Task A_repeated_parameter_is_refused(TestDatabase database, string name)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();
        var request = host.RelyingParty(Shop).NewRequest();

        var page = await browser.OpenAsync($"{request.Url}&{name}={Uri.EscapeDataString(request.Parameters[name])}");

        // A page, or a redirect to the client where what was repeated is not what decides about the address.
        Assert.True(page.Status == HttpStatusCode.BadRequest || page.LocationQuery["error"] == "invalid_request", page.ToString());
        Assert.False(page.Has("login-submit"));
    }

    [Theory, OnEachDatabase] // AZ62, AZ64: RFC 9700 §4.11, §4.12
    public async Task Pages_are_kept_by_nobody_framed_by_nobody_and_answered_by_303(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();

        var login = await browser.OpenAsync(host.RelyingParty(Shop).NewRequest().Url);
        var signedIn = await browser.PressAsync(login, "login-submit", new Dictionary<string, string> { ["username"] = Alice, ["password"] = AlicePassword });
        using var put = await host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Put, "connect/authorize"));

        Assert.Contains("no-store", login.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", login.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("no-referrer", login.Headers["Referrer-Policy"]);
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.Status);
        Assert.InRange((int)put.StatusCode, 400, 499);
    }

    [Theory, OnEachDatabase] // AZ63
    public async Task A_login_without_its_antiforgery_token_is_refused(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();
        var login = await browser.OpenAsync(host.RelyingParty(Shop).NewRequest().Url);

        var answer = await browser.FollowAsync(
            await browser.PostAsync(login.Url.AbsoluteUri, [new("username", Alice), new("password", AlicePassword)], login.Url));

        // The form is shown again; nobody is signed in.
        Assert.True(answer.Has("login-submit"));
        Assert.Null(browser.Cookies.Find("idp.session"));
    }

    private static async Task<(AuthorizationRequest Request, Page Page)> AuthorizeAsync(
        RelyingParty client, Action<Dictionary<string, string>>? change = null)
    {
        var request = client.NewRequest(change: change);
        using var browser = client.Node.NewBrowser();
        return (request, await browser.AuthorizeAsync(request, Alice, AlicePassword));
    }

    private static void Set(Dictionary<string, string> parameters, string name, string? value)
    {
        if (value is null)
        {
            parameters.Remove(name);
        }
        else
        {
            parameters[name] = value;
        }
    }

    private static HttpStatusCode Redirect(HttpStatusCode status) => status == HttpStatusCode.SeeOther ? HttpStatusCode.Found : status;
}
