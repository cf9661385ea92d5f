using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.BrowserTests;

/// <summary>
/// What only a browser can show of signing out everywhere: that the applications' pages load in their frames with their cookies and scripts
/// (OpenID Connect Front-Channel Logout), and that the frame for watching answers (Session Management §3.2). The applications are on
/// ports of localhost, which to a browser is one site.
/// </summary>
public sealed class SingleLogoutTests(Chromium chromium, SharedSandbox sandbox) : BrowserTest(chromium, sandbox)
{
    [Theory]
    [InlineData("phone", 390, ColorScheme.Light)]
    [InlineData("desktop-dark", 1280, ColorScheme.Dark)]
    public async Task Applications_are_told_in_frames_and_the_browser_goes_on(string screen, int width, ColorScheme colors) // FC1, FC2
    {
        await using var apps = await Apps.StartAsync();
        var page = await OpenBrowserAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = colors });
        await apps.SignInAsync(page, apps.Mail);
        var (code, request) = await apps.SignInAsync(page, apps.Wiki);
        var tokens = (await apps.Wiki.Client.ExchangeAsync(code, request)).OrFail();

        var answer = new TaskCompletionSource();
        apps.Mail.BeforeGone = answer.Task;
        await page.GotoAsync(apps.EndSession(tokens.IdToken, "a b&c"), new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await page.WaitForSelectorAsync("#logout-continue");
        await KeepPictureAsync(page, screen);
        answer.SetResult();

        await page.ArriveAsync(apps.Wiki.Address("/bye?state=a%20b%26c"));
        var sid = Wire.ClaimsOf(tokens.IdToken).GetProperty("sid").GetString()!;
        Assert.All([apps.Mail, apps.Wiki], app =>
        {
            var query = Wire.ParseQuery(Assert.Single(app.Told));
            Assert.Equal((2, apps.Provider.Issuer, sid), (query.Count, query["iss"], query["sid"]));
            // Its own script ran with its own cookies: the first made the second request, and took the cookie away.
            Assert.Equal("signed-out", Assert.Single(app.Cleared));
        });
    }

    [Fact] // FC2
    public async Task The_page_is_accessible_and_does_not_wait_for_an_application_that_hangs()
    {
        await using var apps = await Apps.StartAsync();
        var page = await OpenBrowserAsync();
        await apps.SignInAsync(page, apps.Wiki);
        await page.GotoAsync(apps.Provider.Issuer + "/logout");
        await page.ClickAsync("#logout-confirm");
        await page.ArriveAsync(apps.Provider.Issuer + "/logged-out?**");
        await LookAsync(page, "by-oneself");
        await AssertFitsAsync(page);

        var (code, request) = await apps.SignInAsync(page, apps.Wiki);
        var tokens = (await apps.Wiki.Client.ExchangeAsync(code, request)).OrFail();
        var never = new TaskCompletionSource();
        apps.Wiki.BeforeGone = never.Task;
        await page.GotoAsync(apps.EndSession(tokens.IdToken, "s"), new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await page.WaitForSelectorAsync("#logout-continue");
        var leaving = page.Url;
        await page.ArriveAsync(apps.Wiki.Address("/bye?state=s"));
        never.SetResult();

        // Once more to look at it, without what makes it go on by itself.
        await page.RouteAsync("**/front-channel.js?**", route => route.AbortAsync());
        await page.RouteAsync("**/logged-out?**", async route =>
        {
            var response = await route.FetchAsync();
            await route.FulfillAsync(new() { Response = response, Headers = response.Headers.Where(header => header.Key != "refresh").ToDictionary() });
        });
        await page.GotoAsync(leaving);
        await LookAsync(page, "leaving");
        await page.ClickAsync("#logout-continue");
        await page.ArriveAsync(apps.Wiki.Address("/bye?state=s"));
    }

    [Theory] // FC2
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_scripts_the_browser_goes_on_as_well(bool pressed)
    {
        await using var apps = await Apps.StartAsync();
        var page = await OpenBrowserAsync(new() { JavaScriptEnabled = false });
        var (code, request) = await apps.SignInAsync(page, apps.Wiki);
        var tokens = (await apps.Wiki.Client.ExchangeAsync(code, request)).OrFail();

        await page.GotoAsync(apps.EndSession(tokens.IdToken, "s"));
        if (pressed)
        {
            await page.ClickAsync("#logout-continue");
        }

        await page.ArriveAsync(apps.Wiki.Address("/bye?state=s"));
        Assert.Single(apps.Wiki.Told);
    }

    [Fact]
    public async Task A_page_that_watches_hears_when_the_session_ends_or_changes_and_nothing_else()
    {
        await using var apps = await Apps.StartAsync();
        var page = await OpenBrowserAsync();
        await apps.SignInAsync(page, apps.Wiki);
        var state = apps.Wiki.SessionState!;
        await page.GotoAsync(apps.Wiki.Address("/watch"));
        Assert.Equal("unchanged", await AskAsync(page, $"{apps.Wiki.Client.ClientId} {state}"));

        // §3.2: "error" for what is no question; "changed" for what was never so.
        foreach (var nonsense in new[] { "", "x", "x y", " ", apps.Wiki.Client.ClientId, new string('a', 10_000) + " a.b" })
        {
            Assert.Equal("error", await AskAsync(page, nonsense));
        }

        Assert.Equal("changed", await AskAsync(page, $"{apps.Mail.Client.ClientId} {state}"));
        Assert.Equal("changed", await AskAsync(page, $"{apps.Wiki.Client.ClientId} {state}a"));
        Assert.Equal("changed", await AskAsync(page, $"{apps.Wiki.Client.ClientId} a.b"));

        // Another client's page with this client's state; a page of nobody's, which can only open a window.
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync(apps.Mail.Address("/watch"));
        Assert.Equal("changed", await AskAsync(other, $"{apps.Wiki.Client.ClientId} {state}"));
        await other.GotoAsync(apps.Mail.Address("/open", "127.0.0.1"));
        Assert.Equal("error", await AskAsync(other, $"{apps.Wiki.Client.ClientId} {state}"));

        await other.GotoAsync(apps.Provider.Issuer + "/logout");
        await other.ClickAsync("#logout-confirm");
        await other.ArriveAsync(apps.Provider.Issuer + "/logged-out?**");
        Assert.Equal("changed", await AskAsync(page, $"{apps.Wiki.Client.ClientId} {state}"));

        await apps.SignInAsync(other, apps.Wiki);
        Assert.Equal("changed", await AskAsync(page, $"{apps.Wiki.Client.ClientId} {state}"));
        Assert.Equal("unchanged", await AskAsync(page, $"{apps.Wiki.Client.ClientId} {apps.Wiki.SessionState}"));
    }

    private static Task<string> AskAsync(IPage page, string message) => page.EvaluateAsync<string>("message => ask(message)", message);

    /// <summary>A provider and two applications, each with pages of its own.</summary>
    private sealed class Apps : IAsyncDisposable
    {
        private Apps(ProviderHost provider, App mail, App wiki, TestPerson person) => (Provider, Mail, Wiki, Person) = (provider, mail, wiki, person);

        public ProviderHost Provider { get; }

        public App Mail { get; }

        public App Wiki { get; }

        private TestPerson Person { get; }

        public static async Task<Apps> StartAsync()
        {
            var provider = await ProviderHost.StartAsync(new ProviderSettings { Declaration = null });
            var (mail, wiki) = (await App.StartAsync(provider, "Mail"), await App.StartAsync(provider, "Wiki"));
            await provider.ApplyAsync($$"""{ "clients": [ {{mail.Declaration}}, {{wiki.Declaration}} ] }""");
            return new Apps(provider, mail, wiki, await provider.NewPersonAsync());
        }

        /// <summary>Until the browser is back at the application, which now has a cookie of its own.</summary>
        public async Task<(string Code, AuthorizationRequest Request)> SignInAsync(IPage page, App app)
        {
            var request = app.Client.NewRequest();
            await page.GotoAsync(request.Url);
            if (await page.QuerySelectorAsync("#login-submit") is not null)
            {
                await SubmitPasswordAsync(page, Person.UserName, Person.Password);
            }

            await page.ArriveAsync(app.Client.RedirectUri + "?**");
            var answer = Wire.ParseQuery(new Uri(page.Url).Query);
            app.SessionState = answer["session_state"];
            return (answer["code"], request);
        }

        public string EndSession(string hint, string state) => Provider.Issuer + "/connect/logout?" + Wire.QueryOf(
            [new("id_token_hint", hint), new("post_logout_redirect_uri", Wiki.Address("/bye")), new("state", state)]);

        public async ValueTask DisposeAsync()
        {
            await Mail.DisposeAsync();
            await Wiki.DisposeAsync();
            await Provider.DisposeAsync();
        }
    }

    private sealed class App(KeyServer site, ProviderHost provider, string name) : IAsyncDisposable
    {
        private const string Secret = "an-app-secret-00000000000000000000000000000";

        public RelyingParty Client => new(provider, name.ToLowerInvariant(), Secret, Address("/callback"), AuthenticationBy.Basic);

        public string? SessionState { get; set; }

        /// <summary>The queries of the requests for the page that signs out.</summary>
        public ConcurrentQueue<string> Told { get; } = [];

        public ConcurrentQueue<string> Cleared { get; } = [];

        public Task BeforeGone { get; set; } = Task.CompletedTask;

        public string Declaration => $$"""
            { "client_id": "{{name.ToLowerInvariant()}}", "client_name": "{{name}}", "client_secret": "{{Secret}}", "first_party": true,
              "redirect_uris": ["{{Address("/callback")}}"], "post_logout_redirect_uris": ["{{Address("/bye")}}"],
              "frontchannel_logout_uri": "{{Address("/gone")}}", "session_management": true }
            """;

        public static async Task<App> StartAsync(ProviderHost provider, string name)
        {
            var site = await KeyServer.StartAsync();
            var app = new App(site, provider, name);
            site.Answer = app.AnswerAsync;
            return app;
        }

        public string Address(string path, string host = "localhost") => site.Address(host, path);

        public ValueTask DisposeAsync() => site.DisposeAsync();

        private async Task AnswerAsync(HttpContext context)
        {
            var cookie = "app-" + name;
            switch (context.Request.Path.Value)
            {
                case "/callback":
                    context.Response.Cookies.Append(cookie, "signed-in");
                    await ShowAsync(context, "Signed in");
                    break;
                case "/gone":
                    await BeforeGone;
                    Told.Enqueue(context.Request.QueryString.Value!);
                    await ShowAsync(context, $$"""
                        <script>
                          const was = document.cookie.includes("{{cookie}}=signed-in");
                          document.cookie = "{{cookie}}=signed-out";
                          if (was) fetch("/cleared");
                        </script>
                        """);
                    break;
                case "/cleared":
                    Cleared.Enqueue(context.Request.Cookies[cookie] ?? "");
                    break;
                case "/watch":
                    await ShowAsync(context, $"""<iframe id="op" title="Session" src="{provider.Issuer}/connect/check-session"></iframe>""" + Asking("document.getElementById('op').contentWindow"));
                    break;
                case "/open":
                    await ShowAsync(context, Asking($"(opened ??= window.open('{provider.Issuer}/connect/check-session'))"));
                    break;
                default:
                    await ShowAsync(context, "Hello");
                    break;
            }
        }

        /// <summary>A client's side of §3.1. The frame answers every question with one word.</summary>
        private string Asking(string window) => $$"""
            <script>
              let opened;
              async function ask(message) {
                const target = {{window}};
                for (;;) {
                  const answer = await new Promise((resolve) => {
                    addEventListener("message", (event) => event.origin === "{{provider.Issuer}}" && resolve(event.data), { once: true });
                    try { target.postMessage(message, "{{provider.Issuer}}"); } catch { }
                    setTimeout(() => resolve(null), 500);
                  });
                  if (answer !== null) return answer;
                }
              }
            </script>
            """;

        private static Task ShowAsync(HttpContext context, string body)
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync($"<!doctype html><html lang=en><title>App</title><body>{body}</body></html>");
        }
    }
}
