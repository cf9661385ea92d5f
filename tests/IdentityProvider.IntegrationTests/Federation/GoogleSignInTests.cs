using System.Net;
using System.Text.Json;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Accounts;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Federation;

public sealed class GoogleSignInTests(GoogleProviders providers) : IClassFixture<GoogleProviders>
{
    private readonly FakeGoogle google = providers.Google;

    // Nobody of another test.
    private readonly string subject = "sub-" + Wire.RandomText(9);
    private readonly string address = $"{Wire.RandomText(9)}@gmail.example".ToLowerInvariant();

    [Theory, OnEachDatabase]
    public async Task A_new_person_with_a_verified_address_gets_an_account_and_goes_on_to_the_application(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        using var browser = provider.NewBrowser();
        var client = provider.RelyingParty(StandardDeclaration.Portal);
        var request = client.NewRequest("openid profile email");

        var answer = await google.SignInAsync(browser, await browser.OpenAsync(request.Url), Person(subject, address));

        var tokens = await client.ExchangeAsync(request.CodeFrom(answer), request);
        var claims = Wire.ClaimsOf(tokens.Json.GetProperty("id_token").GetString()!);
        Assert.Equal("fed", Assert.Single(claims.GetProperty("amr").EnumerateArray()).GetString());
        var user = await HolderAsync(provider, address);
        Assert.Equal((true, "Nora New", user.Subject), (user.EmailConfirmed, user.Profile.Name, claims.GetProperty("sub").GetString()));
        // RFC 7636: what was sent with the code is what the challenge was made of.
        Assert.Equal(43, google.TokenRequest["code_verifier"].Length);
        Assert.Equal(provider.Issuer + "/signin-google", google.TokenRequest["redirect_uri"]);
    }

    [Theory, OnEachDatabase]
    public async Task A_known_subject_is_the_same_person_whatever_their_address_became(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        using var browser = provider.NewBrowser();
        using var later = provider.NewBrowser();
        await google.SignInAsync(browser, Person(subject, address));

        await google.SignInAsync(later, new { sub = subject, email = StandardAddress, email_verified = false });

        Assert.Contains(address, (await later.GetAsync("/")).Text, StringComparison.Ordinal);
        Assert.Equal(1, await CountLoginsAsync(provider));
    }

    [Theory, OnEachDatabase]
    public async Task An_address_of_a_local_account_is_linked_after_the_account_is_proved_and_not_before(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var request = provider.RelyingParty(StandardDeclaration.Portal).NewRequest();

        var link = await google.SignInAsync(browser, await browser.OpenAsync(request.Url), Person(subject, person.Email.ToUpperInvariant()));
        Assert.True(link.Has("link-submit"));
        Assert.False((await browser.GetAsync("/")).Has("logout-confirm"));
        Assert.Equal(0, await CountLoginsAsync(provider));

        var wrong = await browser.PressAndFollowAsync(link, "link-submit", AccountsData.Credentials(person.UserName, "not the password"));
        Assert.True(wrong.Has("link-problem"));
        Assert.Equal(0, await CountLoginsAsync(provider));

        var answer = await browser.PressAndFollowAsync(wrong, "link-submit", AccountsData.Credentials(person.UserName, person.Password));
        Assert.NotEmpty(request.CodeFrom(answer));

        using var later = provider.NewBrowser();
        await google.SignInAsync(later, Person(subject, person.Email));
        Assert.Contains(person.Email, (await later.GetAsync("/")).Text, StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task The_password_of_another_account_than_the_one_with_the_address_links_nothing(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var (holder, other) = (await provider.NewPersonAsync(), await provider.NewPersonAsync());
        using var browser = provider.NewBrowser();
        var link = await google.SignInAsync(browser, Person(subject, holder.Email));

        var answer = await browser.PressAndFollowAsync(link, "link-submit", AccountsData.Credentials(other.UserName, other.Password));

        Assert.True(answer.Has("link-problem"));
        Assert.Equal(0, await CountLoginsAsync(provider));
        Assert.False((await browser.GetAsync("/")).Has("logout-confirm"));
    }

    [Theory, OnEachDatabase]
    public async Task An_unverified_local_address_is_not_taken_over_either_and_is_verified_by_linking(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        using var browser = provider.NewBrowser();
        var link = await google.SignInAsync(browser, Person(subject, "bob@example.com"));
        Assert.True(link.Has("link-submit"));

        await browser.PressAndFollowAsync(link, "link-submit",
            AccountsData.Credentials(StandardDeclaration.Bob, StandardDeclaration.BobPassword));

        var bob = await provider.UserAsync(StandardDeclaration.Bob);
        Assert.True(bob.EmailConfirmed);
        Assert.Equal(1, await CountLoginsAsync(provider));
    }

    [Theory] // OpenID Connect Core §5.1; absent is not verified.
    [InlineData("\"email\":\"x@gmail.example\",\"email_verified\":false")]
    [InlineData("\"email\":\"x@gmail.example\",\"email_verified\":\"false\"")]
    [InlineData("\"email\":\"x@gmail.example\",\"email_verified\":null")]
    [InlineData("\"email\":\"x@gmail.example\",\"email_verified\":1")]
    [InlineData("\"email\":\"x@gmail.example\"")]
    [InlineData("\"email_verified\":true")]
    [InlineData("\"email\":\"not an address\",\"email_verified\":true")]
    public async Task An_address_that_is_not_verified_makes_no_account(string members)
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();

        var page = await google.SignInAsync(browser, JsonDocument.Parse($$"""{"sub":"{{subject}}",{{members}}}""").RootElement);

        Assert.Contains("has not verified your email address", page.TextOf("external-problem"), StringComparison.Ordinal);
        Assert.True(page.Has("external-next"));
        Assert.Equal(0, await CountLoginsAsync(provider));
        Assert.False((await browser.GetAsync("/")).Has("logout-confirm"));
    }

    [Theory, OnEachDatabase]
    public async Task A_disabled_person_is_refused_whether_known_or_about_to_link(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        await google.SignInAsync(browser, Person(subject, address));
        await provider.DisableAsync((await HolderAsync(provider, address)).Subject);
        await provider.DisableAsync(person.Subject);

        using var later = provider.NewBrowser();
        var known = await google.SignInAsync(later, Person(subject, address));
        var link = await google.SignInAsync(later, Person(subject + "-2", person.Email));
        var linked = await later.PressAndFollowAsync(link, "link-submit", AccountsData.Credentials(person.UserName, person.Password));

        Assert.Contains("not active", known.TextOf("external-problem"), StringComparison.Ordinal);
        Assert.True(linked.Has("link-problem"));
        Assert.False((await later.GetAsync("/")).Has("logout-confirm"));
        Assert.Equal(1, await CountLoginsAsync(provider));
    }

    [Theory, OnEachDatabase]
    public async Task First_logins_of_one_person_at_the_same_moment_make_one_account(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var visits = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            var browser = provider.NewBrowser();
            var arrival = await browser.GetAsync(await google.VisitAsync(browser, await browser.OpenAsync("/login"), Person(subject, address)));
            return (Browser: browser, Arrival: arrival);
        }));

        var answers = await Task.WhenAll(visits.Select(visit => visit.Browser.FollowAsync(visit.Arrival)));

        Assert.All(answers, answer => Assert.Contains(address, answer.Text, StringComparison.Ordinal));
        Assert.Equal(1, await CountLoginsAsync(provider));
        Assert.Equal(address, (await HolderAsync(provider, address)).UserName);
    }

    [Fact]
    public async Task Cancelling_at_Google_is_explained_and_leads_back_to_the_same_request()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var request = provider.RelyingParty(StandardDeclaration.Portal).NewRequest();
        var login = await browser.OpenAsync(request.Url);

        var page = await browser.OpenAsync(await FakeGoogle.VisitAsync(browser, login, error: "access_denied"));

        Assert.Contains("cancelled", page.TextOf("external-problem"), StringComparison.Ordinal);
        var again = await browser.OpenAsync(page.Element("external-next").GetAttribute("href")!);
        Assert.NotEmpty(request.CodeFrom(await browser.SignInAsync(again, person.UserName, person.Password)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?state=forged&code=stolen")]
    [InlineData("?error=access_denied")]
    public async Task A_lost_or_forged_state_is_explained_and_leads_to_the_login_page(string query)
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();

        var page = await browser.OpenAsync("/signin-google" + query);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("could not be finished", page.TextOf("external-problem"), StringComparison.Ordinal);
        Assert.True((await browser.OpenAsync(page.Element("external-next").GetAttribute("href")!)).Has("login-submit"));
    }

    [Fact] // Login CSRF, RFC 6749 §10.12
    public async Task An_answer_that_another_browser_asked_for_signs_nobody_in()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var attacker = provider.NewBrowser();
        using var victim = provider.NewBrowser();
        var answer = await google.VisitAsync(attacker, await attacker.OpenAsync("/login"), Person("attacker", "attacker@gmail.example"));

        var page = await victim.OpenAsync(answer);

        Assert.Contains("could not be finished", page.TextOf("external-problem"), StringComparison.Ordinal);
        Assert.False((await victim.GetAsync("/")).Has("logout-confirm"));
    }

    [Fact]
    public async Task A_callback_opened_twice_says_that_the_step_is_done()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();
        var answer = await google.VisitAsync(browser, await browser.OpenAsync("/login"), Person(subject, address));
        var first = await browser.GetAsync(answer);
        await browser.FollowAsync(first);

        var handlersAgain = await browser.OpenAsync(answer);
        var oursAgain = await browser.OpenAsync(first.Location!.AbsoluteUri);

        Assert.Contains("already done", handlersAgain.TextOf("external-problem"), StringComparison.Ordinal);
        Assert.Contains("already done", oursAgain.TextOf("external-problem"), StringComparison.Ordinal);
        Assert.True((await browser.GetAsync("/")).Has("logout-confirm"));
    }

    [Fact]
    public async Task Ten_minutes_after_Google_answered_the_link_page_starts_over()
    {
        await using var provider = await ProviderHost.StartAsync(google.Settings(TestDatabase.Sqlite));
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var link = await google.SignInAsync(browser, Person(subject, person.Email));
        provider.Clock.Advance(TimeSpan.FromMinutes(11));

        var late = await browser.PressAndFollowAsync(link, "link-submit", AccountsData.Credentials(person.UserName, person.Password));

        Assert.Contains("could not be finished", late.TextOf("external-problem"), StringComparison.Ordinal);
        Assert.Equal(0, await CountLoginsAsync(provider));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.OK)]
    public async Task When_Google_fails_the_person_is_told_and_keeps_their_request(HttpStatusCode answer)
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();
        var request = provider.RelyingParty(StandardDeclaration.Portal).NewRequest();
        var callback = await google.VisitAsync(browser, await browser.OpenAsync(request.Url), Person(subject, address));
        google.Outage = answer;

        var page = await browser.OpenAsync(callback);

        Assert.Contains("did not answer as it should", page.TextOf("external-problem"), StringComparison.Ordinal);
        google.Outage = null;
        var again = await browser.OpenAsync(page.Element("external-next").GetAttribute("href")!);
        Assert.NotEmpty(request.CodeFrom(await google.SignInAsync(browser, again, Person(subject, address))));
    }

    [Fact]
    public async Task The_button_takes_the_hint_along_and_lets_people_choose_another_account_and_browsers_let_it()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();
        var request = provider.RelyingParty(StandardDeclaration.Portal).NewRequest(change: parameters => parameters["login_hint"] = address);
        var login = await browser.OpenAsync(request.Url);

        var challenge = await browser.PressAsync(login, "external-google");

        Assert.Equal((address, "select_account"), (challenge.LocationQuery["login_hint"], challenge.LocationQuery["prompt"]));
        // Browsers apply form-action to every redirect after the press: to Google, and where nothing is asked there, back to the application.
        var policy = login.Headers["Content-Security-Policy"].Split(';').Single(directive => directive.Contains("form-action", StringComparison.Ordinal));
        Assert.Contains("https://accounts.google.com", policy, StringComparison.Ordinal);
        Assert.Contains("https://app.example", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_cannot_start_a_sign_in_elsewhere_and_neither_can_a_foreign_form()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();

        var byLink = await browser.GetAsync("/external-login/google");
        var byForm = await browser.PostAsync("/external-login/google", [], new Uri("https://evil.example/"));
        var unknown = await browser.PressAsync(await browser.OpenAsync("/login"), "login-submit", AccountsData.Credentials("x", "y"));

        Assert.Equal("/login", byLink.Location!.AbsolutePath);
        Assert.Equal(new Uri(provider.Issuer).Authority, byForm.Location!.Authority);
        Assert.NotEqual(HttpStatusCode.InternalServerError, unknown.Status);
    }

    [Theory]
    [InlineData(null, "idp.", "samesite=lax")]
    [InlineData("https://id.example", "__Host-idp.", "secure; samesite=lax")]
    public async Task Cookies_are_Lax_and_on_https_Secure_with_the_host_prefix(string? issuer, string prefix, string attributes)
    {
        await using var provider = await ProviderHost.StartAsync(google.Settings(TestDatabase.Sqlite) with { Issuer = issuer });
        using var browser = provider.NewBrowser();

        var challenge = await browser.PressAsync(await browser.OpenAsync("/login"), "external-google");

        var cookie = challenge.Headers["Set-Cookie"];
        Assert.StartsWith(prefix + "correlation.", cookie, StringComparison.Ordinal);
        Assert.Contains("path=/; " + attributes + "; httponly", cookie, StringComparison.OrdinalIgnoreCase);
    }

    private const string StandardAddress = "alice@example.com";

    private static object Person(string subject, string email) =>
        new { sub = subject, email, email_verified = true, name = "Nora New", given_name = "Nora", family_name = "New" };

    private Task<int> CountLoginsAsync(ProviderHost provider) => provider.InScopeAsync(services =>
        services.GetRequiredService<AppDbContext>().UserLogins.CountAsync(login => login.ProviderKey.StartsWith(subject)));

    private static Task<User> HolderAsync(ProviderHost provider, string email) => provider.InScopeAsync(services =>
        services.GetRequiredService<AppDbContext>().Users.AsNoTracking().SingleAsync(user => user.Email == email));
}
