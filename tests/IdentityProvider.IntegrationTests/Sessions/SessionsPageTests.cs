using System.Net;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Sessions;

/// <summary>A person's own list of where they are signed in.</summary>
public sealed class SessionsPageTests(SharedProviders providers)
{
    private const string List = "/account/sessions";
    private const string Others = "/account/sessions/others";
    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0";
    private const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

    [Theory, OnEachDatabase]
    public async Task Another_persons_session_is_as_unknown_as_one_that_never_was(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        using var victim = provider.NewBrowser();
        await SignInAsync(victim, await provider.NewPersonAsync());
        using var attacker = provider.NewBrowser();
        using var attackersPhone = provider.NewBrowser();
        var person = await provider.NewPersonAsync();
        await SignInAsync(attacker, person);
        await SignInAsync(attackersPhone, person);

        var somebodyElses = await EndAsync(attacker, SidOf(victim));
        var never = await EndAsync(attacker, "AAAAAAAAAAAAAAAAAAAAAA");
        var hostile = await EndAsync(attacker, "a\tb' OR 1=1 --\u202e" + new string('x', 3000));
        var nothing = await EndAsync(attacker, "");

        Assert.Equal("/account/sessions?done=gone", somebodyElses.Location!.PathAndQuery);
        Assert.All([never, hostile, nothing], answer => Assert.Equal((somebodyElses.Status, somebodyElses.Location), (answer.Status, answer.Location)));
        Assert.Equal("Nothing to sign out That device is not signed in, or not any more.", (await attacker.FollowAsync(somebodyElses)).TextOf("sessions-notice"));
        Assert.True(await IsSignedInAsync(victim));
        Assert.False((await attacker.OpenAsync(List)).Has("session-end-" + SidOf(victim)));
    }

    [Theory, OnEachDatabase]
    public async Task A_form_from_another_site_ends_nothing(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();
        using var here = provider.NewBrowser();
        using var there = provider.NewBrowser();
        await SignInAsync(here, person);
        await SignInAsync(there, person);
        await here.OpenAsync(List);

        foreach (var (path, field) in new[] { (List, new KeyValuePair<string, string>("session", SidOf(there))), (Others, new("sessions-end-others-confirm", "true")) })
        {
            var answer = await here.PostAsync(path, [field], new Uri(provider.Issuer));
            Assert.Equal(path + "?out_of_date=true", answer.Location!.PathAndQuery);
            Assert.True(await IsSignedInAsync(there));
        }

        Assert.Contains("nothing was changed", (await here.OpenAsync(List + "?out_of_date=true")).TextOf("sessions-notice"), StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task A_stranger_is_asked_to_sign_in(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        using var stranger = provider.NewBrowser();

        foreach (var path in new[] { List, Others })
        {
            var answer = await stranger.GetAsync(path);
            Assert.Equal((HttpStatusCode.SeeOther, "/login"), (answer.Status, answer.Location!.AbsolutePath));
            Assert.Equal("/login", (await stranger.PostAsync(path, [new("session", "x")])).Location!.AbsolutePath);
        }
    }

    [Theory, OnEachDatabase]
    public async Task A_person_sees_each_device_this_one_first_and_which_apps_got_access(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();
        using var desk = provider.NewBrowser();
        desk.UserAgent = Firefox;
        using var phone = provider.NewBrowser();
        phone.UserAgent = Phone;
        await provider.RelyingParty(Portal).SignInAsync(desk, person);
        await provider.RelyingParty(Shop).SignInAsync(desk, person, "openid offline_access");
        await provider.RelyingParty(Portal).SignInAsync(phone, person);

        var page = await desk.OpenAsync(List);

        Assert.Contains("no-store", page.Headers["Cache-Control"], StringComparison.Ordinal);
        var lines = page.Document.QuerySelectorAll(".session").Select(Words).ToList();
        Assert.Equal(2, lines.Count);
        Assert.StartsWith("Firefox on Windows Active now On this network, 127.0.0.1 Signed in just now with your password, on ", lines[0], StringComparison.Ordinal);
        Assert.Contains(" UTC Not remembered: ends with the browser", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("Apps: Portal Keeps access while you are away: Shop Sign out on this device", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("Safari on iPhone Active in the last 5 minutes", lines[1], StringComparison.Ordinal);
        Assert.Contains("Apps: Portal Sign out", lines[1], StringComparison.Ordinal);
        Assert.Equal("This device", page.TextOf("sessions-here"));
        Assert.StartsWith("Shop Since ", page.TextOf("lasting-apps"), StringComparison.Ordinal);
        Assert.All(page.Document.QuerySelectorAll("time"), time => Assert.True(DateTimeOffset.TryParse(time.GetAttribute("datetime"), out _)));
        Assert.True((await desk.OpenAsync("/account")).Has("account-sessions"));
    }

    [Theory, OnEachDatabase]
    public async Task A_remembered_device_says_so(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        await browser.PressAndFollowAsync(await browser.OpenAsync("/login"), "login-submit",
            new Dictionary<string, string> { ["username"] = person.UserName, ["password"] = person.Password, ["remember"] = "true" });

        Assert.Contains("Remembered until ", (await browser.OpenAsync(List)).Text, StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task Signing_in_again_in_the_same_browser_is_one_line_with_all_its_apps(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();
        var shop = provider.RelyingParty(Shop);
        using var browser = provider.NewBrowser();
        using var other = provider.NewBrowser();
        var tokens = await shop.SignInAsync(browser, person);
        var first = SidOf(browser);
        await provider.RelyingParty(Portal).SignInAsync(browser, person, change: parameters => parameters["prompt"] = "login");
        await SignInAsync(other, person);

        var page = await browser.OpenAsync(List);

        Assert.NotEqual(first, SidOf(browser));
        Assert.Equal(2, page.Document.QuerySelectorAll(".session").Length);
        Assert.Contains("Apps: Portal, Shop Sign out", Words(page.Document.QuerySelector(".session")!), StringComparison.Ordinal);

        // What this session continues is not "elsewhere".
        await EndOthersAsync(browser);
        Assert.False(await IsSignedInAsync(other));
        tokens = (await shop.RefreshAsync(tokens.RefreshToken)).OrFail();

        // And it ends together with it, from another device too.
        await SignInAsync(other, person);
        // Under the sid that a page opened before may still show.
        Assert.Equal("/account/sessions?done=ended", (await EndAsync(other, first)).Location!.PathAndQuery);
        Assert.False(await IsSignedInAsync(browser));
        Assert.Equal("invalid_grant", (await shop.RefreshAsync(tokens.RefreshToken)).Error);
    }

    [Theory, OnEachDatabase]
    public async Task Ending_a_session_tells_so_once_and_is_recorded(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();
        using var here = provider.NewBrowser();
        using var there = provider.NewBrowser();
        await SignInAsync(here, person);
        await SignInAsync(there, person);
        var sid = SidOf(there);
        var list = await here.OpenAsync(List);

        var answer = await here.PressAsync(list, "session-end-" + sid);

        Assert.Equal((HttpStatusCode.SeeOther, "/account/sessions?done=ended"), (answer.Status, answer.Location!.PathAndQuery));
        var page = await here.FollowAsync(answer);
        Assert.StartsWith("Signed out", page.TextOf("sessions-notice"), StringComparison.Ordinal);
        Assert.False(page.Has("session-end-" + sid));
        Assert.Contains("You are signed in nowhere else.", page.Text, StringComparison.Ordinal);
        Assert.False(await IsSignedInAsync(there));
        // The page that still shows it may be pressed again.
        Assert.Equal("/account/sessions?done=gone", (await here.PressAsync(list, "session-end-" + sid)).Location!.PathAndQuery);
        var ended = Assert.Single(await EventsAsync(provider, sid, AuditEventType.SessionEnded));
        Assert.Equal((person.Subject, nameof(SessionEndReason.SignedOut), "127.0.0.1"), (ended.Subject, ended.Reason, ended.RemoteAddress));
    }

    [Theory, OnEachDatabase]
    public async Task Ending_this_session_is_signing_out(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        using var browser = provider.NewBrowser();
        await SignInAsync(browser, await provider.NewPersonAsync());
        var cookie = browser.Cookies.Find("idp.session")!;
        var list = await browser.OpenAsync(List);

        var done = await browser.PressAndFollowAsync(list, "session-end-" + SidOf(browser));

        Assert.Equal("/logged-out", done.Url.AbsolutePath);
        Assert.Null(browser.Cookies.Find("idp.session"));
        browser.Cookies.Add(cookie);
        Assert.False(await IsSignedInAsync(browser));
        Assert.Single(await EventsAsync(provider, cookie.Value.Split('.')[0], AuditEventType.SessionEnded));
    }

    [Theory, OnEachDatabase]
    public async Task The_account_page_signs_out_too(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        using var browser = provider.NewBrowser();
        await SignInAsync(browser, await provider.NewPersonAsync());

        var done = await browser.PressAndFollowAsync(await browser.OpenAsync("/account"), "logout-confirm");

        Assert.Equal("/logged-out", done.Url.AbsolutePath);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Theory, OnEachDatabase]
    public async Task Signing_out_everywhere_else_asks_first(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();
        using var here = provider.NewBrowser();
        await SignInAsync(here, person);
        Assert.Equal(List, (await here.GetAsync(Others)).Location!.PathAndQuery);
        using var second = provider.NewBrowser();
        using var third = provider.NewBrowser();
        await SignInAsync(second, person);
        await SignInAsync(third, person);
        using var somebodyElse = provider.NewBrowser();
        await SignInAsync(somebodyElse, await provider.NewPersonAsync());

        var question = await here.OpenAsync((await here.OpenAsync(List)).Element("sessions-end-others").GetAttribute("href")!);
        Assert.Contains("2 other devices will be signed out at once. You stay signed in here.", question.Text, StringComparison.Ordinal);
        Assert.True(await IsSignedInAsync(second));
        var page = await here.PressAndFollowAsync(question, "sessions-end-others-confirm");

        Assert.Equal("/account/sessions?done=others", page.Url.PathAndQuery);
        Assert.StartsWith("Signed out everywhere else", page.TextOf("sessions-notice"), StringComparison.Ordinal);
        Assert.False(await IsSignedInAsync(second));
        Assert.False(await IsSignedInAsync(third));
        Assert.True(await IsSignedInAsync(here));
        Assert.True(await IsSignedInAsync(somebodyElse));
        Assert.Single(await EventsAsync(provider, SidOf(second), AuditEventType.SessionEnded));
    }

    [Theory, OnEachDatabase]
    public async Task Expired_sessions_are_not_shown_and_many_still_fit(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var person = await provider.NewPersonAsync();
        using var old = provider.NewBrowser();
        await SignInAsync(old, person);
        provider.Clock.Advance(TimeSpan.FromHours(13));
        using var here = provider.NewBrowser();
        await SignInAsync(here, person);
        Assert.Contains("You are signed in nowhere else.", (await here.OpenAsync(List)).Text, StringComparison.Ordinal);

        await provider.AddSessionsAsync(person, 130);
        var page = await here.OpenAsync(List);

        Assert.Equal(101, page.Document.QuerySelectorAll(".session").Length);
        Assert.StartsWith("session-end-" + SidOf(here), page.Document.QuerySelector(".session button")!.Id!, StringComparison.Ordinal);
        Assert.Contains("There are more. These are the ones used last.", page.Text, StringComparison.Ordinal);
        await EndOthersAsync(here);
        Assert.Single((await here.OpenAsync(List)).Document.QuerySelectorAll(".session"));
    }

    private static Task<Page> SignInAsync(Browser browser, TestPerson person) => browser.SignInAsync(person.UserName, person.Password);

    private static string SidOf(Browser browser) => browser.Cookies.Find("idp.session")!.Value.Split('.')[0];

    private static async Task<bool> IsSignedInAsync(Browser browser) => (await browser.GetAsync("/account")).Status == HttpStatusCode.OK;

    /// <summary>A form made by hand, with the antiforgery token of a page of this person.</summary>
    private static async Task<Page> EndAsync(Browser browser, string sid)
    {
        var token = (await browser.OpenAsync("/account")).Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        return await browser.PostAsync(List, [new("session", sid), new("__RequestVerificationToken", token)], new Uri(browser.Node.Issuer));
    }

    private static async Task EndOthersAsync(Browser browser) =>
        await browser.PressAndFollowAsync(await browser.OpenAsync(Others), "sessions-end-others-confirm");

    private static string Words(AngleSharp.Dom.IElement element) =>
        string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static async Task<List<AuditEvent>> EventsAsync(ProviderHost provider, string sid, AuditEventType type)
    {
        await using var scope = provider.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<AuditEvent>().AsNoTracking()
            .Where(row => row.SessionId == sid && row.Type == type).ToListAsync();
    }
}
