using System.Net;
using IdentityProvider.Keys;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityProvider.IntegrationTests.Logout;

/// <summary>RP-initiated logout: OpenID Connect RP-Initiated Logout 1.0.</summary>
public class LogoutTests(SharedProviders providers)
{
    [Theory, OnEachDatabase] // LO1, LO2
    public async Task With_a_good_hint_the_session_ends_at_once_and_the_client_gets_its_state_back(TestDatabase database)
    {
        var (provider, shop, browser, tokens) = await SignedInAsync(database);

        var done = await browser.OpenAsync(EndSession(
            ("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", StandardDeclaration.LoggedOutUri), ("state", "a b&c=d")));

        Assert.Equal(StandardDeclaration.LoggedOutUri, done.Location!.GetLeftPart(UriPartial.Path));
        Assert.Equal("a b&c=d", Assert.Single(done.LocationQuery).Value);
        Assert.Equal("login_required", await SilentlyAsync(shop, browser));
    }

    [Theory, OnEachDatabase] // LO3
    public async Task Without_a_state_none_is_returned(TestDatabase database)
    {
        var (_, _, browser, tokens) = await SignedInAsync(database);

        var done = await browser.OpenAsync(EndSession(("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", StandardDeclaration.LoggedOutUri)));

        Assert.Equal(StandardDeclaration.LoggedOutUri, done.Location!.AbsoluteUri);
    }

    [Theory, OnEachDatabase] // LO8
    public async Task A_hint_alone_ends_on_our_own_page(TestDatabase database)
    {
        var (_, shop, browser, tokens) = await SignedInAsync(database);

        var done = await browser.OpenAsync(EndSession(("id_token_hint", tokens.IdToken)));

        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.Contains("You are signed out", done.Body, StringComparison.Ordinal);
        Assert.Equal("login_required", await SilentlyAsync(shop, browser));
    }

    [Theory, OnEachDatabase] // LO15
    public async Task Asked_twice_it_answers_the_same(TestDatabase database)
    {
        var (_, _, browser, tokens) = await SignedInAsync(database);
        var url = EndSession(("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", StandardDeclaration.LoggedOutUri), ("state", "s"));

        var (first, second) = (await browser.OpenAsync(url), await browser.OpenAsync(url));

        Assert.Equal(first.Location, second.Location);
    }

    [Theory, OnEachDatabase] // LO4
    public async Task An_address_that_is_not_registered_is_never_gone_to(TestDatabase database)
    {
        var (_, shop, browser, tokens) = await SignedInAsync(database);

        foreach (var address in new[] { "https://evil.example/", StandardDeclaration.LoggedOutUri + "?more=1" })
        {
            var page = await browser.OpenAsync(EndSession(("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", address)));

            Assert.Equal(HttpStatusCode.BadRequest, page.Status);
            Assert.Null(page.Location);
        }

        Assert.Equal("code", await SilentlyAsync(shop, browser));
    }

    [Theory]
    [OnEachDatabase("none")] // LO5
    [OnEachDatabase("forged")] // LO6
    [OnEachDatabase("absent")] // LO7
    public async Task Without_a_genuine_hint_the_person_decides_and_nobody_is_sent_anywhere(TestDatabase database, string hint)
    {
        var (_, shop, browser, tokens) = await SignedInAsync(database);
        var parts = tokens.IdToken.Split('.');
        List<(string, string)> parameters = [("post_logout_redirect_uri", StandardDeclaration.LoggedOutUri), ("state", "s")];
        switch (hint)
        {
            case "none":
                parameters.Add(("id_token_hint", "eyJhbGciOiJub25lIn0." + parts[1] + "."));
                break;
            case "forged":
                parameters.Add(("id_token_hint", parts[0] + "." + parts[1] + "." + new string('A', parts[2].Length)));
                break;
        }

        var asked = await browser.OpenAsync(EndSession([.. parameters]));
        Assert.Null(asked.Location);
        Assert.True(asked.Has("logout-confirm"), asked.ToString());
        Assert.Equal("code", await SilentlyAsync(shop, browser));

        var done = await browser.PressAndFollowAsync(asked, "logout-confirm");
        Assert.Null(done.Location);
        Assert.Contains("You are signed out", done.Body, StringComparison.Ordinal);
        Assert.Equal("login_required", await SilentlyAsync(shop, browser));
    }

    [Theory, OnEachDatabase] // LO6: nor when nobody is signed in
    public async Task A_false_hint_of_nobody_leads_nowhere(TestDatabase database)
    {
        var (provider, _, _, tokens) = await SignedInAsync(database);
        using var browser = provider.NewBrowser();
        var parts = tokens.IdToken.Split('.');

        foreach (var hint in new[] { "x", "eyJhbGciOiJub25lIn0." + parts[1] + ".", parts[0] + "." + parts[1] + "." + new string('A', parts[2].Length) })
        {
            var page = await browser.OpenAsync(EndSession(("id_token_hint", hint), ("post_logout_redirect_uri", StandardDeclaration.LoggedOutUri)));

            Assert.Null(page.Location);
            Assert.Contains("You are signed out", page.Body, StringComparison.Ordinal);
        }
    }

    [Theory, OnEachDatabase] // LO7: the client named itself and the person confirmed
    public async Task A_client_that_names_itself_gets_the_person_back_after_they_confirmed(TestDatabase database)
    {
        var (_, shop, browser, _) = await SignedInAsync(database);

        var asked = await browser.OpenAsync(EndSession(
            ("client_id", shop.ClientId), ("post_logout_redirect_uri", StandardDeclaration.LoggedOutUri), ("state", "s")));
        var done = await browser.PressAndFollowAsync(asked, "logout-confirm");

        Assert.Equal(StandardDeclaration.LoggedOutUri + "?state=s", done.Location!.AbsoluteUri);
    }

    [Theory, OnEachDatabase]
    public async Task Somebody_who_stays_stays_signed_in(TestDatabase database)
    {
        var (_, shop, browser, _) = await SignedInAsync(database);

        await browser.PressAndFollowAsync(await browser.OpenAsync("/connect/logout"), "logout-cancel");

        Assert.Equal("code", await SilentlyAsync(shop, browser));
    }

    [Theory, OnEachDatabase] // LO10
    public async Task A_hint_of_another_client_is_refused(TestDatabase database)
    {
        var (_, shop, browser, tokens) = await SignedInAsync(database);

        var page = await browser.OpenAsync(EndSession(("id_token_hint", tokens.IdToken), ("client_id", StandardDeclaration.Portal)));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal("code", await SilentlyAsync(shop, browser));
    }

    [Theory, OnEachDatabase] // LO11
    public async Task A_hint_of_somebody_else_does_not_sign_this_person_out(TestDatabase database)
    {
        var (provider, shop, browser, _) = await SignedInAsync(database);
        var other = await shop.SignInAsync(await provider.NewPersonAsync());

        var asked = await browser.OpenAsync(EndSession(("id_token_hint", other.IdToken), ("post_logout_redirect_uri", StandardDeclaration.LoggedOutUri)));

        Assert.Null(asked.Location);
        Assert.True(asked.Has("logout-confirm"));
        Assert.Equal("code", await SilentlyAsync(shop, browser));
    }

    [Theory, OnEachDatabase] // LO9
    public async Task An_expired_hint_is_still_a_hint(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        using var browser = provider.NewBrowser();
        var tokens = await shop.SignInAsync(browser, await provider.NewPersonAsync());
        provider.Clock.Advance(TimeSpan.FromHours(1.5));

        var done = await browser.OpenAsync(EndSession(("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", StandardDeclaration.LoggedOutUri)));

        Assert.Equal(StandardDeclaration.LoggedOutUri, done.Location!.AbsoluteUri);
    }

    [Theory, OnEachDatabase] // LO16: OpenID Connect Core §10.1.1
    public async Task A_hint_signed_by_a_key_that_has_retired_is_still_a_hint(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings
        {
            Database = database,
            Configuration = new Dictionary<string, string?> { ["IdentityProvider:Keys:PublishLead"] = "00:00:00" },
        });
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        using var browser = provider.NewBrowser();
        var tokens = await shop.SignInAsync(browser, await provider.NewPersonAsync());
        await using (var scope = provider.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<KeyRotation>().RotateAsync(CancellationToken.None);
        }

        await Eventually.TrueAsync(async () =>
            Kid((await shop.SignInAsync(await provider.NewPersonAsync())).IdToken) != Kid(tokens.IdToken));
        var done = await browser.OpenAsync(EndSession(("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", StandardDeclaration.LoggedOutUri)));

        Assert.Equal(StandardDeclaration.LoggedOutUri, done.Location!.AbsoluteUri);
        Assert.Equal("login_required", await SilentlyAsync(shop, browser));

        static string? Kid(string token) => Wire.HeaderOf(token).GetProperty("kid").GetString();
    }

    [Theory, OnEachDatabase] // LO5, LO6: whatever else may pass for a hint
    public async Task Tokens_that_are_no_id_token_are_no_hint(TestDatabase database)
    {
        var (_, shop, browser, tokens) = await SignedInAsync(database);

        foreach (var hint in new[] { tokens.AccessToken, "x", "a.b.c", tokens.IdToken[..^5], tokens.IdToken + "A", "\0", new string('h', 5_000) })
        {
            var page = await browser.OpenAsync(EndSession(("id_token_hint", hint), ("post_logout_redirect_uri", StandardDeclaration.LoggedOutUri)));

            Assert.Null(page.Location);
        }

        Assert.Equal("code", await SilentlyAsync(shop, browser));
    }

    [Theory, OnEachDatabase] // LO13
    public async Task Hints_about_words_and_people_and_unknown_parameters_change_nothing(TestDatabase database)
    {
        var (_, _, browser, tokens) = await SignedInAsync(database);

        var done = await browser.OpenAsync(EndSession(
            ("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", StandardDeclaration.LoggedOutUri),
            ("ui_locales", "se de-DE x"), ("logout_hint", "somebody@example.com"), ("extra", "<b>")));

        Assert.Equal(StandardDeclaration.LoggedOutUri, done.Location!.AbsoluteUri);
    }

    [Theory, OnEachDatabase] // LO12
    public async Task A_posted_request_does_the_same(TestDatabase database)
    {
        var (_, _, browser, tokens) = await SignedInAsync(database);

        var done = await browser.FollowAsync(await browser.PostAsync("/connect/logout",
            [new("id_token_hint", tokens.IdToken), new("post_logout_redirect_uri", StandardDeclaration.LoggedOutUri)], new Uri(browser.Node.Issuer)));

        Assert.Equal(StandardDeclaration.LoggedOutUri, done.Location!.AbsoluteUri);
    }

    [Theory, OnEachDatabase] // LO14
    public async Task The_confirmation_cannot_be_forged_from_another_site(TestDatabase database)
    {
        var (_, shop, browser, _) = await SignedInAsync(database);

        await browser.PostAsync("/logout", [new("logout-confirm", "")], new Uri("https://evil.example/"));
        await browser.PostAsync("/logout", [new("logout-confirm", "")], new Uri(browser.Node.Issuer));

        Assert.Equal("code", await SilentlyAsync(shop, browser));
    }

    [Theory, OnEachDatabase]
    public async Task A_session_cookie_kept_after_the_logout_opens_nothing(TestDatabase database)
    {
        var (_, shop, browser, _) = await SignedInAsync(database);
        var cookie = browser.Cookies.Find("idp.session")!;

        await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");
        browser.Cookies.Add(cookie);

        Assert.Equal("login_required", await SilentlyAsync(shop, browser));
    }

    private async Task<(ProviderHost Provider, RelyingParty Shop, Browser Browser, ProtocolResponse Tokens)> SignedInAsync(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        var browser = provider.NewBrowser();
        return (provider, shop, browser, await shop.SignInAsync(browser, await provider.NewPersonAsync()));
    }

    /// <summary>Asks without showing anything: "code" when somebody is signed in, otherwise the error.</summary>
    private static async Task<string> SilentlyAsync(RelyingParty client, Browser browser)
    {
        var request = client.NewRequest(change: parameters => parameters["prompt"] = "none");
        var answer = request.AnswerFrom(await browser.OpenAsync(request.Url));
        return answer.TryGetValue("error", out var error) ? error : "code";
    }

    private static string EndSession(params (string Name, string Value)[] parameters) =>
        "/connect/logout?" + Wire.QueryOf(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)));
}
