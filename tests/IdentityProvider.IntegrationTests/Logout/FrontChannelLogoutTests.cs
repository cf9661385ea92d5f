using System.Net;
using IdentityProvider.Jobs;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityProvider.IntegrationTests.Logout;

/// <summary>OpenID Connect Front-Channel Logout 1.0.</summary>
public sealed class FrontChannelLogoutTests(SharedProviders providers)
{
    private const string State = "a b&c=d";

    [Theory, OnEachDatabase] // FC1, FC2, LO1, LO2
    public async Task Each_client_of_the_session_is_told_in_a_frame_before_the_browser_goes_on(TestDatabase database)
    {
        var apps = await Apps.DeclareAsync(await providers.OnAsync(database));
        using var browser = apps.Provider.NewBrowser();
        var person = await apps.Provider.NewPersonAsync();
        await apps.Wiki.SignInAsync(browser, person);
        var wiki = await apps.Wiki.SignInAsync(browser, person);
        var mail = await apps.Mail.SignInAsync(browser, person);
        await apps.Plain.SignInAsync(browser, person);

        var page = await browser.OpenAsync(EndSession(("id_token_hint", wiki.IdToken), ("post_logout_redirect_uri", apps.WikiBye), ("state", State)));

        Assert.Equal((HttpStatusCode.OK, "/logged-out"), (page.Status, page.Url.AbsolutePath));
        var iss = "iss=" + Uri.EscapeDataString(apps.Provider.Issuer);
        Assert.Equal(
            [$"{apps.MailOrigin}/gone?{iss}&sid={SidOf(mail)}", $"{apps.WikiOrigin}/gone?tenant=a%20b&{iss}&sid={SidOf(wiki)}"],
            FramesOf(page));
        Assert.Equal(SidOf(wiki), SidOf(mail));
        Assert.All(page.Document.QuerySelectorAll("iframe"), frame =>
        {
            Assert.StartsWith("Signing out of ", frame.GetAttribute("title"), StringComparison.Ordinal);
            Assert.Equal("allow-scripts allow-same-origin", frame.GetAttribute("sandbox"));
            Assert.Equal("no-referrer", frame.GetAttribute("referrerpolicy"));
        });
        Assert.Equal($"frame-src {apps.MailOrigin} {apps.WikiOrigin}", Directive(page, "frame-src"));
        Assert.Equal("frame-ancestors 'none'", Directive(page, "frame-ancestors"));

        var next = page.Element("logout-continue").GetAttribute("href")!;
        Assert.Equal(apps.WikiBye, next.Split('?')[0]);
        Assert.Equal(State, Assert.Single(Wire.ParseQuery(new Uri(next).Query)).Value);
        Assert.Equal("5; url=" + next, page.Headers["Refresh"]);
        Assert.Equal("login_required", await SilentlyAsync(apps.Wiki, browser));
    }

    [Theory, OnEachDatabase] // LO1, LO3: as ever
    public async Task Where_no_client_of_the_session_has_such_a_page_the_browser_goes_on_at_once(TestDatabase database)
    {
        var apps = await Apps.DeclareAsync(await providers.OnAsync(database));
        using var browser = apps.Provider.NewBrowser();
        using var another = apps.Provider.NewBrowser();
        var person = await apps.Provider.NewPersonAsync();
        await apps.Wiki.SignInAsync(another, person);
        var plain = await apps.Plain.SignInAsync(browser, person);

        var done = await browser.OpenAsync(EndSession(("id_token_hint", plain.IdToken), ("post_logout_redirect_uri", apps.PlainBye)));

        Assert.Equal(apps.PlainBye, done.Location!.AbsoluteUri);
        Assert.Equal("code", await SilentlyAsync(apps.Wiki, another));
    }

    [Theory, OnEachDatabase] // FC1, LO8: also from our own pages
    public async Task Somebody_who_signs_out_by_themselves_ends_on_our_page(TestDatabase database)
    {
        var apps = await Apps.DeclareAsync(await providers.OnAsync(database));
        using var browser = apps.Provider.NewBrowser();
        await apps.Mail.SignInAsync(browser, await apps.Provider.NewPersonAsync());

        var page = await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");

        Assert.Single(FramesOf(page));
        Assert.Equal($"frame-src {apps.MailOrigin}", Directive(page, "frame-src"));
        Assert.False(page.Has("logout-continue"));
        Assert.False(page.Headers.ContainsKey("Refresh"));
        Assert.Contains("You are signed out", page.Body, StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase] // FC2, LO7
    public async Task A_client_that_named_itself_gets_the_person_back_by_way_of_the_frames(TestDatabase database)
    {
        var apps = await Apps.DeclareAsync(await providers.OnAsync(database));
        using var browser = apps.Provider.NewBrowser();
        await apps.Mail.SignInAsync(browser, await apps.Provider.NewPersonAsync());

        var asked = await browser.OpenAsync(EndSession(
            ("client_id", apps.Wiki.ClientId), ("post_logout_redirect_uri", apps.WikiBye), ("state", "s")));
        var page = await browser.PressAndFollowAsync(asked, "logout-confirm");

        Assert.Single(FramesOf(page));
        Assert.Equal(apps.WikiBye + "?state=s", page.Element("logout-continue").GetAttribute("href"));
    }

    [Theory, OnEachDatabase] // FC1: the sid that the client knows
    public async Task Clients_of_the_sessions_that_this_one_continued_are_told_by_the_sid_they_know(TestDatabase database)
    {
        var apps = await Apps.DeclareAsync(await providers.OnAsync(database));
        using var browser = apps.Provider.NewBrowser();
        var person = await apps.Provider.NewPersonAsync();
        var mail = await apps.Mail.SignInAsync(browser, person);
        await apps.Wiki.SignInAsync(browser, person);
        var wiki = await apps.Wiki.SignInAsync(browser, person, change: parameters => parameters["prompt"] = "login");
        Assert.NotEqual(SidOf(mail), SidOf(wiki));

        var page = await browser.OpenAsync(EndSession(("id_token_hint", wiki.IdToken)));

        Assert.Equal([SidOf(mail), SidOf(wiki)], FramesOf(page).Select(frame => Wire.ParseQuery(new Uri(frame).Query)["sid"]));
    }

    [Theory, OnEachDatabase] // FC2: no open redirect
    public async Task An_address_that_was_withdrawn_meanwhile_is_not_gone_to(TestDatabase database)
    {
        var apps = await Apps.DeclareAsync(await providers.OnAsync(database));
        using var browser = apps.Provider.NewBrowser();
        var mail = await apps.Mail.SignInAsync(browser, await apps.Provider.NewPersonAsync());
        var redirect = await browser.GetAsync(EndSession(("id_token_hint", mail.IdToken), ("post_logout_redirect_uri", apps.MailBye)));

        await apps.DeclareAsync(mailBye: apps.MailOrigin + "/elsewhere");
        var page = await browser.OpenAsync(redirect.Location!.AbsoluteUri);

        Assert.Single(FramesOf(page));
        Assert.False(page.Has("logout-continue"));
        Assert.False(page.Headers.ContainsKey("Refresh"));
    }

    [Theory, OnEachDatabase] // FC2
    public async Task Nobody_makes_the_page_frame_anything_or_go_anywhere(TestDatabase database)
    {
        var apps = await Apps.DeclareAsync(await providers.OnAsync(database));
        using var browser = apps.Provider.NewBrowser();
        var mail = await apps.Mail.SignInAsync(browser, await apps.Provider.NewPersonAsync());
        var question = await browser.OpenAsync(EndSession(("client_id", apps.Mail.ClientId), ("post_logout_redirect_uri", apps.MailBye)));
        var genuine = (await browser.GetAsync(EndSession(("id_token_hint", mail.IdToken), ("post_logout_redirect_uri", apps.MailBye)))).LocationQuery["apps"];

        foreach (var forged in new[]
        {
            "", "x", SidOf(mail), genuine[..^4], "A" + genuine[1..], Wire.ParseQuery(question.Url.Query)["request"],
            "{\"Sid\":\"" + SidOf(mail) + "\"}", "\0", new string('a', 5_000),
        })
        {
            var page = await browser.OpenAsync("/logged-out?apps=" + Uri.EscapeDataString(forged));

            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Empty(FramesOf(page));
            Assert.Equal("", Directive(page, "frame-src"));
            Assert.False(page.Headers.ContainsKey("Refresh"));
        }
    }

    [Theory, OnEachDatabase]
    public async Task A_state_too_long_for_an_address_costs_the_way_back_and_not_the_signing_out(TestDatabase database)
    {
        var apps = await Apps.DeclareAsync(await providers.OnAsync(database));

        foreach (var (length, returns) in new[] { (1_000, true), (3_000, true), (6_000, false) })
        {
            using var browser = apps.Provider.NewBrowser();
            var mail = await apps.Mail.SignInAsync(browser, await apps.Provider.NewPersonAsync());

            var page = await browser.OpenAsync(EndSession(
                ("id_token_hint", mail.IdToken), ("post_logout_redirect_uri", apps.MailBye), ("state", new string('s', length))));

            Assert.Single(FramesOf(page));
            Assert.Equal(returns, page.Has("logout-continue"));
        }
    }

    [Theory, OnEachDatabase]
    public async Task A_client_is_told_however_long_the_session_lasted(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var apps = await Apps.DeclareAsync(provider);
        using var browser = provider.NewBrowser();
        var person = await provider.NewPersonAsync();
        await browser.PressAndFollowAsync(await browser.OpenAsync("/login"), "login-submit", new Dictionary<string, string>
        {
            ["username"] = person.UserName, ["password"] = person.Password, ["remember"] = "true",
        });
        await apps.Mail.SignInAsync(browser, person);

        // The code has expired, and nothing else hangs on the grant.
        provider.Clock.Advance(TimeSpan.FromDays(5));
        await PruneAsync();
        var redirect = await browser.PressAsync(await browser.OpenAsync("/logout"), "logout-confirm");
        await PruneAsync();

        Assert.Single(FramesOf(await browser.FollowAsync(redirect)));

        async Task PruneAsync()
        {
            await using var scope = provider.Services.CreateAsyncScope();
            await provider.Services.GetServices<RecurringJob>().Single(job => job.Name == "grants.prune").RunAsync(scope.ServiceProvider, CancellationToken.None);
        }
    }

    private static string SidOf(ProtocolResponse tokens) => Wire.ClaimsOf(tokens.IdToken).GetProperty("sid").GetString()!;

    private static IEnumerable<string> FramesOf(Page page) => page.Document.QuerySelectorAll("iframe").Select(frame => frame.GetAttribute("src")!);

    /// <summary>One directive of the page's policy, its sources in order; empty when it is not there.</summary>
    private static string Directive(Page page, string name) =>
        page.Headers["Content-Security-Policy"].Split("; ").SingleOrDefault(directive => directive.StartsWith(name + " ", StringComparison.Ordinal)) is { } found
            ? string.Join(' ', found.Split(' ').Skip(1).Order(StringComparer.Ordinal).Prepend(name))
            : "";

    private static async Task<string> SilentlyAsync(RelyingParty client, Browser browser)
    {
        var request = client.NewRequest(change: parameters => parameters["prompt"] = "none");
        return request.AnswerFrom(await browser.OpenAsync(request.Url)).GetValueOrDefault("error", "code");
    }

    private static string EndSession(params (string Name, string Value)[] parameters) =>
        "/connect/logout?" + Wire.QueryOf(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)));

    /// <summary>Mail and Wiki, which want to be told in a frame, and one that does not; nobody else in the run has them.</summary>
    private sealed class Apps(ProviderHost provider)
    {
        private const string Secret = "an-app-secret-00000000000000000000000000000";
        private readonly string id = Wire.RandomText(6).ToLowerInvariant().Replace('_', 'u').Replace('-', 'd');

        public ProviderHost Provider => provider;

        public RelyingParty Mail => Client("mail");

        public RelyingParty Wiki => Client("wiki");

        public RelyingParty Plain => Client("plain");

        public string MailOrigin => Origin("mail");

        public string WikiOrigin => Origin("wiki");

        public string MailBye => MailOrigin + "/bye";

        public string WikiBye => WikiOrigin + "/bye";

        public string PlainBye => Origin("plain") + "/bye";

        public static async Task<Apps> DeclareAsync(ProviderHost provider)
        {
            var apps = new Apps(provider);
            await apps.DeclareAsync(apps.MailBye);
            return apps;
        }

        public Task DeclareAsync(string mailBye) => provider.ApplyAsync($$"""
            { "clients": [
              {{Declaration("mail", mailBye, $", \"frontchannel_logout_uri\": \"{MailOrigin}/gone\"")}},
              {{Declaration("wiki", WikiBye, $", \"frontchannel_logout_uri\": \"{WikiOrigin}/gone?tenant=a%20b\", \"frontchannel_logout_session_required\": true")}},
              {{Declaration("plain", PlainBye, "")}},
              {{Declaration("unused", Origin("unused"), $", \"frontchannel_logout_uri\": \"{Origin("unused")}/gone\"")}}
            ] }
            """);

        private string Declaration(string name, string bye, string more) => $$"""
            { "client_id": "{{name}}-{{id}}", "client_name": "{{name}}", "client_secret": "{{Secret}}", "grant_types": ["authorization_code"],
              "redirect_uris": ["{{Origin(name)}}/callback"], "post_logout_redirect_uris": ["{{bye}}"], "first_party": true{{more}} }
            """;

        private string Origin(string name) => $"https://{name}-{id}.example";

        private RelyingParty Client(string name) => new(provider, $"{name}-{id}", Secret, Origin(name) + "/callback", AuthenticationBy.Basic);
    }
}
