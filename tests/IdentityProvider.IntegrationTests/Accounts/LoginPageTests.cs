using System.Net;
using IdentityProvider.Testing;

namespace IdentityProvider.IntegrationTests.Accounts;

public class LoginPageTests(SharedProviders providers)
{
    [Fact] // Checklist C.1, C.3
    public async Task The_form_has_the_names_that_robots_and_password_managers_look_for()
    {
        var page = await (await StartAsync()).Browser.OpenAsync("/login");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Sign in", page.Text, StringComparison.Ordinal);
        Assert.Equal("username", page.Element("username").GetAttribute("autocomplete"));
        Assert.Equal("current-password", page.Element("password").GetAttribute("autocomplete"));
        Assert.Equal("login-submit", page.Element("login-submit").GetAttribute("name"));
        Assert.False(page.Has("login-cancel"));
        Assert.False(page.Has("external-google"));
    }

    [Theory]
    [OnEachDatabase("a\0b", "a password\0")]
    [OnEachDatabase("\ud83d", "\ud83d")]
    [OnEachDatabase("", "")]
    [OnEachDatabase("%00", "\r\n")]
    [OnEachDatabase("a@b@c", "\u202e")]
    public async Task Whatever_is_typed_is_a_wrong_name_or_password_at_worst(TestDatabase database, string name, string password)
    {
        using var browser = (await providers.OnAsync(database)).NewBrowser();

        Assert.True((await browser.SignInAsync(name, password)).Has("login-problem"));
        Assert.True((await browser.SignInAsync(name + new string('x', 20_000), password + new string('x', 20_000))).Has("login-problem"));
    }

    [Fact] // More fields than the server reads: it cannot find the antiforgery token among them.
    public async Task A_form_with_too_many_fields_is_refused_without_failing()
    {
        var (_, browser) = await StartAsync();

        var answer = await browser.PostAsync("/login", Enumerable.Range(0, 2000).Select(number => KeyValuePair.Create("field" + number, "x")));

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
    }

    [Fact] // Checklist AZ62, RFC 9700 §4.11 and §4.12
    public async Task The_page_is_not_kept_not_framed_and_answers_a_good_password_by_303()
    {
        var (provider, browser) = await StartAsync();
        var person = await provider.NewPersonAsync();
        var page = await browser.OpenAsync("/login?return_url=%2Faccount");

        var answer = await browser.PressAsync(page, "login-submit", AccountsData.Credentials(person.UserName, person.Password));

        Assert.Contains("no-store", page.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("no-referrer", page.Headers["Referrer-Policy"]);
        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal("/account", answer.Location!.AbsolutePath);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task A_return_address_elsewhere_becomes_the_start_page(string elsewhere)
    {
        var (provider, browser) = await StartAsync();
        var person = await provider.NewPersonAsync();
        var page = await browser.OpenAsync("/login?return_url=" + Uri.EscapeDataString(elsewhere));

        var answer = await browser.PressAsync(page, "login-submit", AccountsData.Credentials(person.UserName, person.Password));

        Assert.Equal(new Uri(new Uri(provider.Issuer), "/"), answer.Location);
    }

    [Fact]
    public async Task A_wrong_password_keeps_the_name_and_forgets_the_password()
    {
        var (_, browser) = await StartAsync();
        const string name = "\"><script>alert(1)</script>";

        var page = await browser.SignInAsync(name, "wrong-password-typed");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("alert", page.Element("login-problem").GetAttribute("role"));
        Assert.Equal(name, page.Element("username").GetAttribute("value"));
        Assert.DoesNotContain("<script>", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-password-typed", page.Body, StringComparison.Ordinal);
    }

    [Fact] // Checklist AZ41
    public async Task The_login_hint_is_in_the_name_field_encoded_and_the_application_is_named()
    {
        var (provider, browser) = await StartAsync();
        var request = provider.RelyingParty(StandardDeclaration.Shop).NewRequest(change: parameters => parameters["login_hint"] = "\"><b>alice");

        var page = await browser.OpenAsync(request.Url);

        Assert.Equal("\"><b>alice", page.Element("username").GetAttribute("value"));
        Assert.Null(page.Document.QuerySelector("b"));
        Assert.Contains("to continue to Shop", Words(page.Text), StringComparison.Ordinal);
        Assert.Contains("form-action 'self' https://app.example", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Fact] // Checklist AZ48, C.4
    public async Task Cancel_answers_the_client_with_access_denied_state_and_issuer()
    {
        var (provider, browser) = await StartAsync();
        var request = provider.RelyingParty(StandardDeclaration.Shop).NewRequest();
        var page = await browser.OpenAsync(request.Url);

        var answer = await browser.PressAndFollowAsync(page, "login-cancel");

        Assert.Equal("access_denied", request.ErrorFrom(answer));
        Assert.Equal(request.State, answer.LocationQuery["state"]);
        Assert.Equal(provider.Issuer, answer.LocationQuery["iss"]);
    }

    [Fact]
    public async Task Who_cancelled_and_goes_back_can_still_sign_in()
    {
        var (provider, browser) = await StartAsync();
        var person = await provider.NewPersonAsync();
        var request = provider.RelyingParty(StandardDeclaration.Portal).NewRequest();
        var page = await browser.OpenAsync(request.Url);
        await browser.PressAsync(page, "login-cancel");

        var answer = await browser.SignInAsync(page, person.UserName, person.Password);

        Assert.NotEmpty(request.CodeFrom(answer));
    }

    [Theory] // Checklist C.6
    [OnEachDatabase("made-up")]
    [OnEachDatabase("'; DROP TABLE PendingRequests; --")]
    [OnEachDatabase("a\0b")]
    public async Task An_unknown_pending_request_is_explained_with_a_next_step(TestDatabase database, string pending)
    {
        using var browser = (await providers.OnAsync(database)).NewBrowser();

        var page = await browser.GetAsync("/login?pending=" + Uri.EscapeDataString(pending));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("This page has expired", page.Text, StringComparison.Ordinal);
        Assert.NotNull(page.Document.QuerySelector("main a[href='/']"));
    }

    [Fact] // Checklist AZ63
    public async Task Another_browsers_pending_request_is_refused_even_with_the_right_password()
    {
        var (provider, browser) = await StartAsync();
        var person = await provider.NewPersonAsync();
        var theirs = await browser.OpenAsync(provider.RelyingParty(StandardDeclaration.Shop).NewRequest().Url);
        using var other = provider.NewBrowser();
        var login = await other.OpenAsync("/login");
        var token = login.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;

        var answer = await other.PostAsync("/login", new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = token,
            ["pending"] = theirs.Element("login-submit").Closest("form")!.QuerySelector("input[name=pending]")!.GetAttribute("value")!,
            ["username"] = person.UserName,
            ["password"] = person.Password,
        }, login.Url);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.False((await other.GetAsync("/")).Has("logout-confirm"));
    }

    [Fact] // Checklist AZ63
    public async Task A_form_without_antiforgery_token_signs_nobody_in_and_is_shown_again()
    {
        var (provider, browser) = await StartAsync();
        var person = await provider.NewPersonAsync();
        await browser.OpenAsync("/login");

        var answer = await browser.FollowAsync(await browser.PostAsync("/login", new Dictionary<string, string>
        {
            ["return_url"] = "/account",
            ["username"] = person.UserName,
            ["password"] = person.Password,
        }, new Uri("https://evil.example/")));

        Assert.False((await browser.GetAsync("/")).Has("logout-confirm"));
        Assert.Contains("out of date", answer.TextOf("login-problem"), StringComparison.Ordinal);
        Assert.Equal("/account", (await browser.PressAsync(answer, "login-submit",
            AccountsData.Credentials(person.UserName, person.Password))).Location!.AbsolutePath);
    }

    [Fact] // Checklist C.6: two tabs
    public async Task A_form_opened_before_signing_in_in_another_tab_still_works()
    {
        var (provider, browser) = await StartAsync();
        var person = await provider.NewPersonAsync();
        var request = provider.RelyingParty(StandardDeclaration.Portal).NewRequest();
        var first = await browser.OpenAsync(request.Url);
        await browser.SignInAsync(person.UserName, person.Password);

        var answer = await browser.SignInAsync(first, person.UserName, person.Password);

        Assert.NotEmpty(request.CodeFrom(answer));
    }

    [Fact] // OpenID Connect Core §3.1.2.1, prompt=select_account; checklist AZ32
    public async Task Select_account_offers_the_account_of_the_session_and_another()
    {
        var (provider, browser) = await StartAsync();
        var (first, second) = (await provider.NewPersonAsync(), await provider.NewPersonAsync());
        await browser.SignInAsync(first.UserName, first.Password);
        var request = provider.RelyingParty(StandardDeclaration.Portal).NewRequest(change: parameters => parameters["prompt"] = "select_account");
        var choice = await browser.OpenAsync(request.Url);
        Assert.Contains(first.Email, choice.TextOf("choose-account"), StringComparison.Ordinal);

        var chosen = await browser.PressAndFollowAsync(choice, "choose-account");
        Assert.NotEmpty(request.CodeFrom(chosen));

        var other = provider.RelyingParty(StandardDeclaration.Portal).NewRequest(change: parameters => parameters["prompt"] = "select_account");
        choice = await browser.OpenAsync(other.Url);
        var form = await browser.OpenAsync(choice.Element("another-account").GetAttribute("href")!);
        Assert.NotEmpty(other.CodeFrom(await browser.SignInAsync(form, second.UserName, second.Password)));
        Assert.Contains(second.Email, (await browser.GetAsync("/")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_signed_in_already_goes_on_to_where_they_were_going()
    {
        var (provider, browser) = await StartAsync();
        var person = await provider.NewPersonAsync();
        await browser.SignInAsync(person.UserName, person.Password);

        var answer = await browser.GetAsync("/login?return_url=%2Faccount");

        Assert.Equal("/account", answer.Location!.AbsolutePath);
    }

    private async Task<(ProviderHost Provider, Browser Browser)> StartAsync()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        return (provider, provider.NewBrowser());
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
