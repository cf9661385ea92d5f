using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IdentityProvider.Testing;
using Microsoft.Net.Http.Headers;
using Xunit;

namespace IdentityProvider.IntegrationTests.Logout;

/// <summary>OpenID Connect Session Management 1.0: session_state, the cookie it speaks of, and the page that may be framed. The page's script has its test in a browser.</summary>
public sealed class SessionManagementTests(SharedProviders providers)
{
    private const string Cookie = "idp.browser-state";
    private const string Origin = "https://watcher.example";

    [Theory, OnEachDatabase]
    public async Task A_client_that_registered_for_it_gets_a_state_it_can_watch(TestDatabase database)
    {
        var (provider, watcher) = await WatcherAsync(database);
        using var browser = provider.NewBrowser();
        var person = await provider.NewPersonAsync();

        var first = await StateAsync(watcher, browser, person);
        var second = await StateAsync(watcher, browser, person);

        var cookie = browser.Cookies.Find(Cookie)!;
        Assert.False(cookie.HttpOnly);
        Assert.Null(cookie.Expires);
        Assert.True(Holds(first, watcher, cookie.Value) && Holds(second, watcher, cookie.Value), $"{first} {second} {cookie.Value}");
        Assert.NotEqual(first, second);
        // It opens nothing and names nobody: neither the session's id nor its secret, nor what the row keeps of it.
        var parts = browser.Cookies.Find("idp.session")!.Value.Split('.');
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(parts[1]));
        Assert.DoesNotContain(cookie.Value, new List<string> { parts[0], parts[1], WebEncode(hash), Convert.ToHexString(hash) });
    }

    [Theory, OnEachDatabase]
    public async Task The_state_changes_with_every_sign_in_and_ends_with_the_session_whoever_asks(TestDatabase database)
    {
        var (provider, watcher) = await WatcherAsync(database);
        using var browser = provider.NewBrowser();
        var person = await provider.NewPersonAsync();
        var state = await StateAsync(watcher, browser, person);

        // At another client, which does not watch.
        await provider.RelyingParty(StandardDeclaration.Portal).SignInAsync(browser, person, change: parameters => parameters["prompt"] = "login");
        var again = browser.Cookies.Find(Cookie)!.Value;
        Assert.False(Holds(state, watcher, again));
        Assert.True(Holds(await StateAsync(watcher, browser, person), watcher, again));

        await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");
        Assert.Null(browser.Cookies.Find(Cookie));
        Assert.True(Holds(await StateAsync(watcher, browser, "none"), watcher, ""));
    }

    [Theory, OnEachDatabase]
    public async Task Clients_that_did_not_register_for_it_get_no_state_and_make_no_cookie(TestDatabase database)
    {
        var (provider, watcher) = await WatcherAsync(database);
        using var browser = provider.NewBrowser();
        var person = await provider.NewPersonAsync();
        var portal = provider.RelyingParty(StandardDeclaration.Portal);
        var request = portal.NewRequest();

        Assert.False(request.AnswerFrom(await browser.AuthorizeAsync(request, person)).ContainsKey("session_state"));
        Assert.Null(browser.Cookies.Find(Cookie));

        var oauth = watcher.NewRequest(scope: "orders");
        Assert.False(oauth.AnswerFrom(await browser.AuthorizeAsync(oauth, person)).ContainsKey("session_state"));
    }

    [Theory, OnEachDatabase]
    public async Task In_a_frame_of_another_site_the_missing_session_means_nothing(TestDatabase database)
    {
        var (provider, watcher) = await WatcherAsync(database);
        using var browser = provider.NewBrowser();
        await StateAsync(watcher, browser, await provider.NewPersonAsync());
        var cookie = browser.Cookies.Find(Cookie)!;
        browser.Cookies.Remove("idp.session");

        var state = await StateAsync(watcher, browser, "none");
        Assert.Equal(cookie, browser.Cookies.Find(Cookie));
        Assert.True(Holds(state, watcher, cookie.Value));

        // Nor does it with a form that another site posts.
        using (var post = new HttpRequestMessage(HttpMethod.Post, new Uri(provider.Issuer + "/connect/authorize")))
        {
            post.Headers.Add("Sec-Fetch-Dest", "document");
            post.Content = new FormUrlEncodedContent(watcher.NewRequest(change: parameters => parameters["scope"] = "openid unknown").Parameters);
            var refused = await browser.SendAsync(post);
            Assert.Contains("error=invalid_scope", refused.ToString(), StringComparison.Ordinal);
            Assert.Equal(cookie, browser.Cookies.Find(Cookie));
        }

        // As a page of its own, it would have come along.
        await StateAsync(watcher, browser, "none", destination: "document");
        Assert.Null(browser.Cookies.Find(Cookie));
    }

    [Theory, OnEachDatabase]
    public async Task A_session_that_was_ended_elsewhere_is_noticed_with_the_next_answer(TestDatabase database)
    {
        var (provider, watcher) = await WatcherAsync(database);
        using var browser = provider.NewBrowser();
        await StateAsync(watcher, browser, await provider.NewPersonAsync());
        var session = browser.Cookies.Find("idp.session")!;
        browser.Cookies.Add(session with { Value = session.Value[..^4] + "AAAA" });

        Assert.True(Holds(await StateAsync(watcher, browser, "none"), watcher, ""));
        Assert.Null(browser.Cookies.Find(Cookie));
    }

    [Fact]
    public async Task On_https_the_cookie_is_readable_in_frames_of_other_sites_and_travels_only_encrypted()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Issuer = "https://login.example.com" });
        var watcher = await DeclareAsync(provider);
        using var browser = provider.NewBrowser();
        await StateAsync(watcher, browser, await provider.NewPersonAsync());

        var cookie = browser.Cookies.Find("__Host-" + Cookie)!;

        Assert.Equal((true, SameSiteMode.None, false, "/"), (cookie.Secure, cookie.SameSite, cookie.HttpOnly, cookie.Path));
    }

    [Theory, OnEachDatabase] // DI23, DI25
    public async Task The_page_is_there_and_advertised_once_a_client_registered_for_it(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        using var browser = provider.NewBrowser();

        Assert.False((await DocumentAsync(provider)).TryGetProperty("check_session_iframe", out _));
        var none = await browser.GetAsync("/connect/check-session");
        Assert.Equal((HttpStatusCode.NotFound, "DENY"), (none.Status, none.Headers["X-Frame-Options"]));

        await DeclareAsync(provider);
        var address = (await DocumentAsync(provider)).GetProperty("check_session_iframe").GetString()!;
        Assert.Equal(provider.Issuer + "/connect/check-session", address);
        var page = await browser.GetAsync(address);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.False(page.Headers.ContainsKey("X-Frame-Options"));
        Assert.Equal(
            $"default-src 'none'; style-src 'self'; img-src 'self' https: data:; script-src 'self'; form-action 'self'; frame-ancestors {Origin}; base-uri 'none'",
            page.Headers["Content-Security-Policy"]);
        Assert.Equal("public, max-age=300", page.Headers["Cache-Control"]);
        Assert.False(page.Headers.ContainsKey("Set-Cookie"));
        Assert.All(page.Document.Scripts, script => Assert.Equal("", script.TextContent));

        await provider.ApplyAsync(Declaration(watches: false));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(address)).Status);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/login")]
    [InlineData("/logged-out")]
    [InlineData("/logout")]
    [InlineData("/account/password")]
    [InlineData("/connect/authorize")]
    [InlineData("/connect/check-session/more")]
    public async Task No_other_page_may_be_framed(string path)
    {
        var (provider, _) = await WatcherAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();

        var page = await browser.GetAsync(path, new Uri(Origin));

        Assert.Equal("DENY", page.Headers["X-Frame-Options"]);
        Assert.Contains("frame-ancestors 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("frame-src", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    private static async Task<string> StateAsync(RelyingParty client, Browser browser, TestPerson person)
    {
        var request = client.NewRequest();
        return request.AnswerFrom(await browser.AuthorizeAsync(request, person))["session_state"];
    }

    private static async Task<string> StateAsync(RelyingParty client, Browser browser, string prompt, string? destination = null)
    {
        var request = client.NewRequest(change: parameters => parameters["prompt"] = prompt);
        var message = new HttpRequestMessage(HttpMethod.Get, request.Url);
        if (destination is not null)
        {
            message.Headers.Add("Sec-Fetch-Dest", destination);
        }

        var answer = request.AnswerFrom(await browser.SendAsync(message));
        Assert.Equal("login_required", answer["error"]);
        return answer["session_state"];
    }

    /// <summary>What the page of the frame does, and a client could if it had the cookie (§3.2).</summary>
    private static bool Holds(string sessionState, RelyingParty client, string browserState)
    {
        var (hash, salt) = sessionState.Split('.') is [var left, var right] ? (left, right) : throw new FormatException(sessionState);
        return hash == Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{client.ClientId} {Origin} {browserState} {salt}")));
    }

    private static string WebEncode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private async Task<(ProviderHost Provider, RelyingParty Watcher)> WatcherAsync(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        return (provider, await DeclareAsync(provider));
    }

    private static async Task<RelyingParty> DeclareAsync(ProviderHost provider)
    {
        await provider.ApplyAsync(Declaration(watches: true));
        return new RelyingParty(provider, "watcher", null, Origin + "/callback", AuthenticationBy.None);
    }

    private static string Declaration(bool watches) => $$"""
        { "clients": [{
          "client_id": "watcher", "token_endpoint_auth_method": "none", "grant_types": ["authorization_code"], "first_party": true,
          "redirect_uris": ["{{Origin}}/callback"], "scope": "openid orders", "session_management": {{(watches ? "true" : "false")}}
        }] }
        """;

    private static async Task<JsonElement> DocumentAsync(ProviderHost provider) =>
        JsonDocument.Parse(await provider.Http.GetStringAsync(".well-known/openid-configuration")).RootElement;
}
