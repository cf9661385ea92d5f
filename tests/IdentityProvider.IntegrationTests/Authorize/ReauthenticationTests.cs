using System.Text.Json;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Authorize;

/// <summary>When a person is asked again and when not (OpenID Connect Core §3.1.2). Checklist rows AZ24 to AZ40 and ID5 to ID14.</summary>
public sealed class ReauthenticationTests(SharedProviders providers)
{
    [Theory, OnEachDatabase] // ID1 to ID12
    public async Task The_id_token_tells_when_how_and_in_which_session_and_nothing_internal(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var before = host.Clock.GetUtcNow().ToUnixTimeSeconds();

        var first = Claims(await host.RelyingParty(Shop).SignInAsync(browser, person));
        var second = Claims(await host.RelyingParty(Portal).SignInAsync(browser, person));

        Assert.Equal(host.Issuer, first.GetProperty("iss").GetString());
        Assert.Equal(Shop, first.GetProperty("aud").GetString());
        Assert.Equal(person.Subject, first.GetProperty("sub").GetString());
        Assert.Equal(JsonValueKind.Number, first.GetProperty("auth_time").ValueKind);
        Assert.InRange(first.GetProperty("auth_time").GetInt64(), before, before + 60);
        Assert.Equal(["pwd"], first.GetProperty("amr").EnumerateArray().Select(method => method.GetString()));
        Assert.NotEmpty(first.GetProperty("acr").GetString()!);
        Assert.Equal(first.GetProperty("sid").GetString(), second.GetProperty("sid").GetString());
        Assert.Equal(first.GetProperty("auth_time").GetInt64(), second.GetProperty("auth_time").GetInt64());
        string[] known = ["iss", "sub", "aud", "azp", "exp", "iat", "nbf", "nonce", "auth_time", "acr", "amr", "sid", "at_hash"];
        Assert.Empty(first.EnumerateObject().Select(claim => claim.Name).Except(known));
    }

    [Theory, OnEachDatabase] // ID9
    public async Task A_new_login_is_a_new_session(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var person = await host.NewPersonAsync();

        var first = Claims(await host.RelyingParty(Portal).SignInAsync(person));
        var second = Claims(await host.RelyingParty(Portal).SignInAsync(person));

        Assert.NotEqual(first.GetProperty("sid").GetString(), second.GetProperty("sid").GetString());
        Assert.Equal(first.GetProperty("sub").GetString(), second.GetProperty("sub").GetString());
    }

    [Theory, OnEachDatabase] // AZ24, AZ31
    public async Task Remembered_consent_is_not_asked_again_unless_the_client_wants_it(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var person = await host.NewPersonAsync();
        var shop = host.RelyingParty(Shop);
        using var browser = host.NewBrowser();
        var asked = await OpenSignedInAsync(browser, shop.NewRequest("openid profile"), person);
        Assert.True(asked.Has("consent-allow"));
        await browser.PressAndFollowAsync(asked, "consent-allow");

        var remembered = shop.NewRequest("openid");
        remembered.CodeFrom(await browser.OpenAsync(remembered.Url));
        var more = await browser.OpenAsync(shop.NewRequest("openid profile email").Url);
        var again = await browser.OpenAsync(shop.NewRequest("openid profile offline_access", parameters => parameters["prompt"] = "consent").Url);

        Assert.True(more.Has("consent-allow"));
        Assert.True(again.Has("consent-allow"));
    }

    [Theory, OnEachDatabase] // AZ30
    public async Task Prompt_login_asks_once_and_then_issues(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var person = await host.NewPersonAsync();
        var portal = host.RelyingParty(Portal);
        using var browser = host.NewBrowser();
        var first = Claims(await portal.SignInAsync(browser, person));
        await WaitForTheNextSecondAsync(first.GetProperty("auth_time").GetInt64());

        var request = portal.NewRequest(change: parameters => parameters["prompt"] = "login");
        var page = await browser.OpenAsync(request.Url);
        Assert.True(page.Has("login-submit"));
        page = await browser.SignInAsync(page, person.UserName, person.Password);

        var second = Claims((await portal.ExchangeAsync(request.CodeFrom(page), request)).OrFail());
        Assert.True(second.GetProperty("auth_time").GetInt64() > first.GetProperty("auth_time").GetInt64());
    }

    [Theory, OnEachDatabase] // AZ32
    public async Task Prompt_select_account_offers_the_session_and_another(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var (person, other) = (await host.NewPersonAsync(), await host.NewPersonAsync());
        var portal = host.RelyingParty(Portal);
        using var browser = host.NewBrowser();
        await browser.SignInAsync(person.UserName, person.Password);
        var request = portal.NewRequest(change: parameters => parameters["prompt"] = "select_account");

        var choice = await browser.OpenAsync(request.Url);
        var chosen = await browser.PressAndFollowAsync(choice, "choose-account");
        var tokens = (await portal.ExchangeAsync(request.CodeFrom(chosen), request)).OrFail();
        Assert.Equal(person.Subject, Claims(tokens).GetProperty("sub").GetString());

        var second = portal.NewRequest(change: parameters => parameters["prompt"] = "select_account");
        choice = await browser.OpenAsync(second.Url);
        var login = await browser.OpenAsync(new Uri(choice.Url, choice.Element("another-account").GetAttribute("href")).AbsoluteUri);
        var done = await browser.SignInAsync(login, other.UserName, other.Password);
        tokens = (await portal.ExchangeAsync(second.CodeFrom(done), second)).OrFail();
        Assert.Equal(other.Subject, Claims(tokens).GetProperty("sub").GetString());
    }

    [Theory, OnEachDatabase] // AZ33, AZ34, AZ37
    public async Task Max_age_asks_when_the_sign_in_is_older(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var portal = host.RelyingParty(Portal);
        using var browser = host.NewBrowser();
        var first = Claims(await portal.SignInAsync(browser, Alice, AlicePassword, change: parameters => parameters["max_age"] = "15000"));
        host.Clock.Advance(TimeSpan.FromSeconds(10));

        var young = portal.NewRequest(change: parameters => parameters["max_age"] = "10000");
        var silent = Claims((await portal.ExchangeAsync(young.CodeFrom(await browser.OpenAsync(young.Url)), young)).OrFail());
        var none = portal.NewRequest(change: parameters => (parameters["max_age"], parameters["prompt"]) = ("5", "none"));
        var refused = none.ErrorFrom(await browser.OpenAsync(none.Url));
        var old = portal.NewRequest(change: parameters => parameters["max_age"] = "5");
        var page = await browser.OpenAsync(old.Url);
        Assert.True(page.Has("login-submit"));
        page = await browser.SignInAsync(page, Alice, AlicePassword);
        var again = Claims((await portal.ExchangeAsync(old.CodeFrom(page), old)).OrFail());

        Assert.Equal(first.GetProperty("auth_time").GetInt64(), silent.GetProperty("auth_time").GetInt64());
        Assert.Equal("login_required", refused);
        Assert.True(again.GetProperty("auth_time").GetInt64() >= first.GetProperty("auth_time").GetInt64() + 10);
    }

    [Theory, OnEachDatabase] // AZ35
    public async Task Max_age_zero_asks_once_and_does_not_go_in_circles(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var portal = host.RelyingParty(Portal);
        using var browser = host.NewBrowser();
        await browser.SignInAsync(Alice, AlicePassword);
        var request = portal.NewRequest(change: parameters => parameters["max_age"] = "0");

        var page = await browser.OpenAsync(request.Url);
        Assert.True(page.Has("login-submit"));
        page = await browser.SignInAsync(page, Alice, AlicePassword);

        Assert.NotEmpty(request.CodeFrom(page));
    }

    [Theory, OnEachDatabase] // AZ38, AZ39
    public async Task The_id_token_hint_must_be_about_who_is_signed_in(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var portal = host.RelyingParty(Portal);
        using var browser = host.NewBrowser();
        var own = await portal.SignInAsync(browser, Alice, AlicePassword);
        var foreign = await portal.SignInAsync(await host.NewPersonAsync());

        var good = portal.NewRequest(change: parameters => (parameters["prompt"], parameters["id_token_hint"]) = ("none", own.IdToken));
        var bad = portal.NewRequest(change: parameters => (parameters["prompt"], parameters["id_token_hint"]) = ("none", foreign.IdToken));

        Assert.NotEmpty(good.CodeFrom(await browser.OpenAsync(good.Url)));
        Assert.Equal("login_required", bad.ErrorFrom(await browser.OpenAsync(bad.Url)));
    }

    [Theory, OnEachDatabase] // AZ40
    public async Task An_expired_hint_is_still_a_hint_and_a_forged_one_is_none(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var portal = host.RelyingParty(Portal);
        using var browser = host.NewBrowser();
        var tokens = await portal.SignInAsync(browser, Alice, AlicePassword);
        host.Clock.Advance(TimeSpan.FromHours(1.5));
        var expired = portal.NewRequest(change: parameters => (parameters["prompt"], parameters["id_token_hint"]) = ("none", tokens.IdToken));
        var forged = portal.NewRequest(change: parameters =>
            (parameters["prompt"], parameters["id_token_hint"]) = ("none", tokens.IdToken[..tokens.IdToken.LastIndexOf('.')] + ".AAAA"));

        Assert.NotEmpty(expired.CodeFrom(await browser.OpenAsync(expired.Url)));
        var page = await browser.OpenAsync(forged.Url);
        Assert.True(page.LocationQuery.ContainsKey("code") || page.LocationQuery["error"] == "invalid_request", page.ToString());
    }

    [Theory, OnEachDatabase] // AZ26, AZ27, AZ28
    public async Task Without_asking_there_is_an_answer_only_where_nothing_need_be_asked(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var person = await host.NewPersonAsync();
        var shop = host.RelyingParty(Shop);
        using var browser = host.NewBrowser();

        Assert.Equal("login_required", await ErrorAsync("openid"));
        var first = Claims(await shop.SignInAsync(browser, person));
        Assert.Equal("consent_required", await ErrorAsync("openid profile"));
        var silent = shop.NewRequest(change: parameters => parameters["prompt"] = "none");
        var again = Claims((await shop.ExchangeAsync(silent.CodeFrom(await browser.OpenAsync(silent.Url)), silent)).OrFail());
        Assert.Equal(first.GetProperty("sub").GetString(), again.GetProperty("sub").GetString());
        Assert.Equal(first.GetProperty("auth_time").GetInt64(), again.GetProperty("auth_time").GetInt64());

        async Task<string> ErrorAsync(string scope)
        {
            var request = shop.NewRequest(scope, parameters => parameters["prompt"] = "none");
            return request.ErrorFrom(await browser.OpenAsync(request.Url));
        }
    }

    [Theory, OnEachDatabase] // AZ39: OpenID Connect Core §3.1.2.1, nobody else than the hinted one is signed in to the client
    public async Task Who_signs_in_as_somebody_else_than_the_hint_names_is_refused_once_and_not_asked_for_ever(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var (person, other) = (await host.NewPersonAsync(), await host.NewPersonAsync());
        var portal = host.RelyingParty(Portal);
        var tokens = await portal.SignInAsync(person);
        using var browser = host.NewBrowser();
        var wrong = portal.NewRequest(change: parameters => parameters["id_token_hint"] = tokens.IdToken);
        var right = portal.NewRequest(change: parameters => parameters["id_token_hint"] = tokens.IdToken);

        var refused = await OpenSignedInAsync(browser, wrong, other);
        var page = await OpenSignedInAsync(browser, right, person);

        Assert.Equal("access_denied", wrong.ErrorFrom(refused));
        Assert.NotEmpty(right.CodeFrom(page));
    }

    [Theory, OnEachDatabase] // AZ40: made for another client, the hint proves nothing to this one
    public async Task A_hint_that_was_made_for_another_client_is_refused(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        using var browser = host.NewBrowser();
        var tokens = await host.RelyingParty(Portal).SignInAsync(browser, Alice, AlicePassword);
        var shop = host.RelyingParty(Shop);
        var request = shop.NewRequest(change: parameters => (parameters["prompt"], parameters["id_token_hint"]) = ("none", tokens.IdToken));

        Assert.Equal("invalid_request", request.ErrorFrom(await browser.OpenAsync(request.Url)));
    }

    private static async Task<Page> OpenSignedInAsync(Browser browser, AuthorizationRequest request, TestPerson person) =>
        await browser.SignInAsync(await browser.OpenAsync(request.Url), person.UserName, person.Password);

    private static JsonElement Claims(ProtocolResponse tokens) => Wire.ClaimsOf(tokens.IdToken);

    // auth_time has whole seconds: a second login within the same one could not be told from the first.
    private static Task WaitForTheNextSecondAsync(long second) => Task.Delay(
        TimeSpan.FromMilliseconds(Math.Max(0, ((second + 1) * 1000) - TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds())), TimeProvider.System);
}
