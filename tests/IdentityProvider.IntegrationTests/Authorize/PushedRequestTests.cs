using System.Net;
using static IdentityProvider.IntegrationTests.Authorize.Pushing;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Authorize;

/// <summary>How a browser opens a pushed request (RFC 9126 §4). Checklist rows PR2 to PR7, PR16, PR19 and PR20.</summary>
public sealed class PushedRequestTests(SharedProviders providers)
{
    [Theory, OnEachDatabase] // PR4
    public async Task It_is_its_clients_alone(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var (shop, stall) = (host.RelyingParty(Shop), host.RelyingParty(Stall));
        using var browser = host.NewBrowser();
        var pushed = await shop.PushAsync(shop.NewRequest());

        AssertShown(await browser.OpenAsync(stall.UrlOf(pushed["request_uri"])));
        AssertShown(await browser.OpenAsync($"/connect/authorize?request_uri={Uri.EscapeDataString(pushed["request_uri"])}"), "invalid_request");

        Assert.True((await browser.OpenAsync(shop.UrlOf(pushed["request_uri"]))).Has("login-submit"));
    }

    [Theory] // PR19
    [OnEachDatabase("never-pushed")]
    [OnEachDatabase("")]
    [OnEachDatabase("x\0y")]
    [OnEachDatabase("'; drop table \"PendingRequests\"; --")]
    public async Task A_made_up_name_is_explained(TestDatabase database, string reference)
    {
        var host = await providers.OnAsync(database);
        var shop = host.RelyingParty(Shop);
        using var browser = host.NewBrowser();

        // The redirect URI beside it is good, and still nobody is redirected.
        AssertShown(await browser.OpenAsync(shop.UrlOf(Prefix + reference, ("redirect_uri", shop.RedirectUri), ("response_type", "code"))));
    }

    [Theory, OnEachDatabase] // RO8
    public async Task A_request_object_beside_it_is_refused(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var shop = host.RelyingParty(Shop);
        using var browser = host.NewBrowser();
        var pushed = await shop.PushAsync(shop.NewRequest());

        AssertShown(await browser.OpenAsync(shop.UrlOf(pushed["request_uri"], ("request", "eyJhbGciOiJub25lIn0.e30."))), "invalid_request");
    }

    [Theory, OnEachDatabase] // PR7
    public async Task Unopened_it_lives_ninety_seconds(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var portal = host.RelyingParty(Portal);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var (late, opened) = (portal.NewRequest(), portal.NewRequest());
        var lateUrl = await portal.PushedUrlAsync(late);
        var openedUrl = await portal.PushedUrlAsync(opened);
        host.Clock.Advance(TimeSpan.FromSeconds(80));
        var login = await browser.OpenAsync(openedUrl);
        host.Clock.Advance(TimeSpan.FromSeconds(11));

        AssertShown(await browser.OpenAsync(lateUrl));

        // A person may take as long as with any other request.
        host.Clock.Advance(TimeSpan.FromHours(20));
        login = await browser.OpenAsync(openedUrl);
        (await portal.ExchangeAsync(opened.CodeFrom(await browser.SignInAsync(login, person.UserName, person.Password)), opened)).OrFail();
    }

    [Theory, OnEachDatabase] // PR5
    public async Task Answered_it_is_used_up_wherever_it_is_opened_again(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var portal = host.RelyingParty(Portal);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        using var thief = host.NewBrowser();
        var request = portal.NewRequest();
        var url = await portal.PushedUrlAsync(request);
        var login = await browser.OpenAsync(url);
        var code = request.CodeFrom(await browser.SignInAsync(login, person.UserName, person.Password));

        AssertShown(await browser.OpenAsync(url));
        AssertShown(await thief.OpenAsync(url));
        // Back to the login page as the browser had it, and on from there.
        AssertShown(await browser.OpenAsync(login.Url.AbsoluteUri.Replace("/login", "/connect/authorize", StringComparison.Ordinal)), "expired_token");
        Assert.Null((await browser.SignInAsync(login, person.UserName, person.Password)).Location);

        (await portal.ExchangeAsync(code, request)).OrFail();
    }

    [Theory, OnEachDatabase] // PR5: no is an answer too
    public async Task Cancelled_it_is_used_up(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var portal = host.RelyingParty(Portal);
        using var browser = host.NewBrowser();
        var (cancelled, silent) = (portal.NewRequest(), portal.NewRequest(change: parameters => parameters["prompt"] = "none"));
        var (cancelledUrl, silentUrl) = (await portal.PushedUrlAsync(cancelled), await portal.PushedUrlAsync(silent));

        var login = await browser.OpenAsync(cancelledUrl);
        Assert.Equal("access_denied", cancelled.ErrorFrom(await browser.PressAndFollowAsync(login, "login-cancel")));
        Assert.Equal("login_required", silent.ErrorFrom(await browser.OpenAsync(silentUrl)));

        AssertShown(await browser.OpenAsync(cancelledUrl));
        AssertShown(await browser.OpenAsync(silentUrl));
    }

    [Theory, OnEachDatabase] // a person's answer belongs to the browser that asked for it
    public async Task The_first_browser_to_open_it_becomes_its_browser(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var portal = host.RelyingParty(Portal);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        using var other = host.NewBrowser();
        await other.SignInAsync(person.UserName, person.Password);
        var request = portal.NewRequest();
        var url = await portal.PushedUrlAsync(request);
        var login = await browser.OpenAsync(url);

        AssertShown(await other.OpenAsync(url));

        (await portal.ExchangeAsync(request.CodeFrom(await browser.SignInAsync(login, person.UserName, person.Password)), request)).OrFail();
    }

    [Theory, OnEachDatabase]
    public async Task Of_many_browsers_that_open_it_at_once_one_gets_it(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var portal = host.RelyingParty(Portal);
        var url = await portal.PushedUrlAsync(portal.NewRequest());
        var browsers = Enumerable.Range(0, 8).Select(_ => host.NewBrowser()).ToList();

        var pages = await Task.WhenAll(browsers.Select(browser => browser.GetAsync(url)));

        Assert.Single(pages, page => page.Location is not null);
        Assert.Equal(7, pages.Count(page => page.Status == HttpStatusCode.BadRequest));
        browsers.ForEach(browser => browser.Dispose());
    }

    [Theory, OnEachDatabase]
    public async Task Of_many_answers_at_once_its_client_gets_one(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var portal = host.RelyingParty(Portal);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var request = portal.NewRequest();
        var url = await portal.PushedUrlAsync(request);
        await browser.OpenAsync(url);
        await browser.SignInAsync(person.UserName, person.Password);
        var tabs = Enumerable.Range(0, 8).Select(_ => host.NewBrowser()).ToList();
        foreach (var (tab, cookie) in tabs.SelectMany(tab => browser.Cookies.All.Select(cookie => (tab, cookie))))
        {
            tab.Cookies.Add(cookie);
        }

        var pages = await Task.WhenAll(tabs.Select(tab => tab.GetAsync(url)));

        var answered = Assert.Single(pages, page => page.Location is not null);
        Assert.All(pages.Except([answered]), page => AssertShown(page));
        (await portal.ExchangeAsync(request.CodeFrom(answered), request)).OrFail();
        tabs.ForEach(tab => tab.Dispose());
    }

    [Theory, OnEachDatabase] // PR2, PR3: RFC 9101 §6.3
    public async Task What_was_pushed_is_the_request_and_the_address_adds_nothing(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var portal = host.RelyingParty(Portal);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var (plain, loaded) = (portal.NewRequest(), portal.NewRequest());
        var plainUrl = await portal.PushedUrlAsync(plain);
        var pushed = await portal.PushAsync(loaded);

        var login = await browser.OpenAsync(plainUrl);
        (await portal.ExchangeAsync(plain.CodeFrom(await browser.SignInAsync(login, person.UserName, person.Password)), plain)).OrFail();
        var page = await browser.OpenAsync(portal.UrlOf(pushed["request_uri"], ("state", "outer"), ("nonce", "outer"), ("scope", "openid email"),
            ("redirect_uri", "https://evil.example/"), ("prompt", "login"), ("response_type", "token"), ("code_challenge", "outer")));
        var tokens = (await portal.ExchangeAsync(loaded.CodeFrom(page), loaded)).OrFail();

        Assert.Equal(loaded.Nonce, Wire.ClaimsOf(tokens.IdToken).GetProperty("nonce").GetString());
        Assert.Equal("openid", tokens["scope"]);
    }

    [Theory, OnEachDatabase] // PR6
    public async Task It_may_be_opened_again_until_it_is_answered(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var shop = host.RelyingParty(Shop);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var request = shop.NewRequest("openid profile");
        var url = await shop.PushedUrlAsync(request);

        await browser.OpenAsync(url);
        var login = await browser.OpenAsync(url);
        Assert.True((await browser.SignInAsync(login, person.UserName, person.Password)).Has("consent-allow"));
        var consent = await browser.OpenAsync(url);
        var done = await browser.PressAndFollowAsync(consent, "consent-allow");

        (await shop.ExchangeAsync(request.CodeFrom(done), request)).OrFail();
    }

    [Theory, OnEachDatabase] // PR20
    public async Task It_asks_for_a_new_sign_in_once_and_the_login_page_knows_who_is_expected(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var portal = host.RelyingParty(Portal);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        await browser.SignInAsync(person.UserName, person.Password);

        foreach (var (name, value) in new[] { ("prompt", "login"), ("max_age", "0") })
        {
            var request = portal.NewRequest(change: parameters => (parameters[name], parameters["login_hint"]) = (value, person.UserName));
            var url = await portal.PushedUrlAsync(request);
            // An earlier sign-in is no answer, not even one between the push and the opening.
            await browser.SignInAsync(await browser.OpenAsync(portal.NewRequest(change: parameters => parameters["prompt"] = "login").Url), person.UserName, person.Password);

            await browser.OpenAsync(url);
            var login = await browser.OpenAsync((await browser.OpenAsync(url)).Url.AbsoluteUri);
            Assert.Equal(person.UserName, login.Element("username").GetAttribute("value"));
            request.CodeFrom(await browser.SignInAsync(login, person.UserName, person.Password));
        }
    }

    [Theory, OnEachDatabase] // RFC 6749 §3.1: the authorization endpoint takes POST
    public async Task A_form_on_the_clients_site_opens_it_too(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var portal = host.RelyingParty(Portal);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        await browser.SignInAsync(person.UserName, person.Password);
        var request = portal.NewRequest();
        var pushed = await portal.PushAsync(request);

        var posted = await browser.PostAsync("/connect/authorize",
            new Dictionary<string, string> { ["client_id"] = Portal, ["request_uri"] = pushed["request_uri"] }, new Uri("https://app.example/"));
        var done = await browser.FollowAsync(posted);

        (await portal.ExchangeAsync(request.CodeFrom(done), request)).OrFail();
        AssertShown(await browser.OpenAsync(portal.UrlOf(pushed["request_uri"])));
    }

    [Theory, OnEachDatabase] // PR16
    public async Task A_client_that_must_push_gets_nothing_through_the_browser(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var pusher = await host.PusherAsync();
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        await browser.SignInAsync(person.UserName, person.Password);
        var (plain, posted, pushed) = (pusher.NewRequest(), pusher.NewRequest(), pusher.NewRequest());

        Assert.Equal("invalid_request", plain.ErrorFrom(await browser.OpenAsync(plain.Url)));
        Assert.Equal("invalid_request", posted.ErrorFrom(await browser.FollowAsync(await browser.PostAsync("/connect/authorize", posted.Parameters))));

        var page = await browser.OpenAsync(await pusher.PushedUrlAsync(pushed));
        (await pusher.ExchangeAsync(pushed.CodeFrom(page), pushed)).OrFail();
    }

    [Theory, OnEachDatabase] // the registration may change between the push and the opening
    public async Task It_is_validated_again_when_it_is_opened(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await DeclareAsync("openid email");
        var client = new RelyingParty(host, "changing", "changing-secret-000000000000000000000000000", RedirectUri, AuthenticationBy.Basic);
        var request = client.NewRequest("openid email");
        var url = await client.PushedUrlAsync(request);
        using var browser = host.NewBrowser();

        await DeclareAsync("openid");

        Assert.Equal("invalid_scope", request.ErrorFrom(await browser.OpenAsync(url)));

        Task DeclareAsync(string scope) => host.ApplyAsync($$"""
            { "clients": [ { "client_id": "changing", "client_secret": "changing-secret-000000000000000000000000000", "redirect_uris": ["{{RedirectUri}}"], "scope": "{{scope}}" } ] }
            """);
    }
}
