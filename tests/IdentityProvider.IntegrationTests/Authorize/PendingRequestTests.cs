using System.Net;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Authorize;

/// <summary>A request that waits for a person survives whatever people do with browsers.</summary>
public class PendingRequestTests(SharedProviders providers)
{
    [Theory, OnEachDatabase] // AZ61
    public async Task Two_tabs_both_arrive_with_their_own_state(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Portal);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var (left, right) = (shop.NewRequest(), shop.NewRequest());
        var leftPage = await browser.OpenAsync(left.Url);
        var rightPage = await browser.OpenAsync(right.Url);

        var rightDone = await browser.SignInAsync(rightPage, person.UserName, person.Password);
        var leftDone = await browser.SignInAsync(leftPage, person.UserName, person.Password);

        (await shop.ExchangeAsync(right.CodeFrom(rightDone), right)).OrFail();
        (await shop.ExchangeAsync(left.CodeFrom(leftDone), left)).OrFail();
    }

    [Theory, OnEachDatabase]
    public async Task A_login_page_left_open_for_hours_still_leads_back(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var portal = provider.RelyingParty(StandardDeclaration.Portal);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var request = portal.NewRequest();
        var page = await browser.OpenAsync(request.Url);
        provider.Clock.Advance(TimeSpan.FromHours(20));

        var done = await browser.SignInAsync(page, person.UserName, person.Password);

        (await portal.ExchangeAsync(request.CodeFrom(done), request)).OrFail();
    }

    [Theory, OnEachDatabase]
    public async Task After_a_day_it_is_explained_that_it_expired(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        using var browser = provider.NewBrowser();
        var page = await browser.OpenAsync(provider.RelyingParty(StandardDeclaration.Portal).NewRequest().Url);
        provider.Clock.Advance(TimeSpan.FromHours(25));

        var reloaded = await browser.OpenAsync(page.Url.AbsoluteUri);

        Assert.Equal(HttpStatusCode.BadRequest, reloaded.Status);
        Assert.Null(reloaded.Location);
        Assert.False(reloaded.Has("login-submit"));
    }

    [Theory, OnEachDatabase]
    public async Task A_restarted_server_goes_on_where_it_was(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var request = shop.NewRequest();
        var login = await browser.OpenAsync(request.Url);

        await provider.RestartAsync();
        var consent = await browser.SignInAsync(login, person.UserName, person.Password);
        await provider.RestartAsync();
        var done = await browser.PressAndFollowAsync(consent, "consent-allow");

        var code = request.CodeFrom(done);
        await provider.RestartAsync();
        (await shop.ExchangeAsync(code, request)).OrFail();
    }

    [Theory, OnEachDatabase]
    public async Task The_back_button_and_a_second_submit_lead_to_the_client_again(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var portal = provider.RelyingParty(StandardDeclaration.Portal);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var request = portal.NewRequest();
        var login = await browser.OpenAsync(request.Url);
        var first = request.CodeFrom(await browser.SignInAsync(login, person.UserName, person.Password));

        // Back to the login page, as the browser had it, and submitted again.
        var second = request.CodeFrom(await browser.SignInAsync(login, person.UserName, person.Password));

        Assert.NotEqual(first, second);
        (await portal.ExchangeAsync(second, request)).OrFail();
    }

    [Theory, OnEachDatabase] // AZ63
    public async Task Another_browser_cannot_continue_it(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var portal = provider.RelyingParty(StandardDeclaration.Portal);
        var person = await provider.NewPersonAsync();
        using var victim = provider.NewBrowser();
        using var attacker = provider.NewBrowser();
        var page = await attacker.OpenAsync(portal.NewRequest().Url);

        var opened = await victim.OpenAsync(page.Url.AbsoluteUri);
        Assert.Equal(HttpStatusCode.BadRequest, opened.Status);

        await victim.SignInAsync(person.UserName, person.Password);
        var continued = await victim.OpenAsync(page.Url.AbsoluteUri.Replace("/login", "/connect/authorize", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, continued.Status);
        Assert.Null(continued.Location);
    }

    [Theory, OnEachDatabase] // AZ2: the form comes from the client's site, without our Lax cookies
    public async Task A_posted_request_finds_the_session_of_the_person(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var portal = provider.RelyingParty(StandardDeclaration.Portal);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        await browser.SignInAsync(person.UserName, person.Password);
        var request = portal.NewRequest();

        var posted = await browser.PostAsync("/connect/authorize", request.Parameters, new Uri("https://app.example/"));
        Assert.Equal(HttpStatusCode.SeeOther, posted.Status);
        var done = await browser.FollowAsync(posted);

        (await portal.ExchangeAsync(request.CodeFrom(done), request)).OrFail();
    }

    [Theory, OnEachDatabase] // AZ48
    public async Task Cancel_tells_the_client_and_going_back_to_sign_in_still_works(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var portal = provider.RelyingParty(StandardDeclaration.Portal);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var request = portal.NewRequest();
        var login = await browser.OpenAsync(request.Url);

        var cancelled = await browser.PressAndFollowAsync(login, "login-cancel");
        Assert.Equal("access_denied", request.ErrorFrom(cancelled));

        var done = await browser.SignInAsync(login, person.UserName, person.Password);
        (await portal.ExchangeAsync(request.CodeFrom(done), request)).OrFail();
    }

    [Theory, OnEachDatabase]
    public async Task Denied_consent_tells_the_client(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var request = shop.NewRequest("openid profile");
        var consent = await browser.SignInAsync(await browser.OpenAsync(request.Url), person.UserName, person.Password);

        var denied = await browser.PressAndFollowAsync(consent, "consent-deny");

        Assert.Equal("access_denied", request.ErrorFrom(denied));
        Assert.DoesNotContain("error_uri", request.AnswerFrom(denied).Keys);
    }

    [Theory, OnEachDatabase] // AZ26, AZ27, AZ28
    public async Task A_request_that_needs_nobodys_answer_writes_no_row(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var portal = provider.RelyingParty(StandardDeclaration.Portal);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var refused = portal.NewRequest(change: request => request["prompt"] = "none");
        Assert.Equal("login_required", refused.ErrorFrom(await browser.OpenAsync(refused.Url)));
        Assert.Null(browser.Cookies.Find("idp.browser"));

        await browser.SignInAsync(person.UserName, person.Password);
        var silent = portal.NewRequest(change: request => request["prompt"] = "none");
        silent.CodeFrom(await browser.OpenAsync(silent.Url));
        Assert.Null(browser.Cookies.Find("idp.browser"));

        var unasked = provider.RelyingParty(StandardDeclaration.Shop).NewRequest(change: request => request["prompt"] = "none");
        Assert.Equal("consent_required", unasked.ErrorFrom(await browser.OpenAsync(unasked.Url)));
    }
}
