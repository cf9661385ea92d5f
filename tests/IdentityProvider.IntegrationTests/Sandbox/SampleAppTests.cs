using System.Net;
using IdentityProvider.Sandbox;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Sandbox;

/// <summary>The way that the README promises, walked through by a browser without scripts.</summary>
public class SampleAppTests(RunningSandbox sandbox)
{
    [Fact]
    public async Task A_person_signs_in_with_a_password_sees_the_claims_calls_the_API_and_signs_out()
    {
        var addresses = await sandbox.AddressesAsync();
        using var browser = new LoopbackBrowser();

        var home = await SignInAsync(browser, addresses, "alice", "alice-sandbox-password");
        Assert.Equal("Alice Example", home.TextOf("signed-in-name"));
        Assert.Equal("alice@sandbox.example", ClaimOn(home, "email"));
        Assert.Equal("true", ClaimOn(home, "email_verified"));
        Assert.Equal(addresses.Provider, ClaimOn(home, "iss"));
        Assert.Contains("refresh_token", home.TextOf("tokens"), StringComparison.Ordinal);

        var call = await browser.ClickAsync(home, "call-api");
        Assert.Equal("200 OK", call.TextOf("api-status"));
        Assert.Contains("notes.read", call.TextOf("api-answer"), StringComparison.Ordinal);

        var refreshed = await browser.PressAsync(await browser.OpenAsync(addresses.WebApp), "refresh");
        Assert.Equal("Alice Example", refreshed.TextOf("signed-in-name"));
        Assert.Equal("200 OK", (await browser.ClickAsync(refreshed, "call-api")).TextOf("api-status"));

        var signedOut = await browser.PressAsync(refreshed, "sign-out");
        Assert.Equal(new Uri(addresses.WebApp + "/"), signedOut.Url);
        Assert.True(signedOut.Has("sign-in"), signedOut.ToString());

        var again = await browser.ClickAsync(signedOut, "sign-in");
        Assert.True(again.Has("login-submit"), "Signed out of the app, but still signed in at the provider.");
    }

    [Fact]
    public async Task Whoever_signs_out_at_the_provider_is_signed_out_of_the_app_and_a_forged_logout_token_signs_nobody_out()
    {
        var addresses = await sandbox.AddressesAsync();
        using var browser = new LoopbackBrowser();
        using var stranger = new HttpClient();
        var home = await SignInAsync(browser, addresses, "bob", "bob-sandbox-password");

        using var forged = new FormUrlEncodedContent([new("logout_token", "eyJhbGciOiJub25lIiwidHlwIjoibG9nb3V0K2p3dCJ9.e30.")]);
        using var refused = await stranger.PostAsync(addresses.WebApp + "/signout-backchannel", forged);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("Bob Sample", (await browser.OpenAsync(addresses.WebApp)).TextOf("signed-in-name"));
        Assert.Equal("Bob Sample", home.TextOf("signed-in-name"));

        var signedOut = await browser.PressAsync(await browser.OpenAsync(addresses.Provider + "/logout"), "logout-confirm");
        await Eventually.TrueAsync(async () => (await browser.OpenAsync(signedOut.Url.ToString())).TextOf("receipt").StartsWith("Signed out of 1 app.", StringComparison.Ordinal));
        Assert.True((await browser.OpenAsync(addresses.WebApp)).Has("sign-in"), "Signed out at the provider, but still signed in at the app.");
    }

    [Fact]
    public async Task Whoever_refuses_consent_is_told_by_the_app_and_can_try_again()
    {
        using var browser = new LoopbackBrowser();
        var consent = await SignInAtProviderAsync(browser, await sandbox.AddressesAsync(), "dora", "dora-sandbox-password");

        var refused = await browser.PressAsync(consent, "consent-deny");

        Assert.Equal("You were not signed in", refused.Document.QuerySelector("h1")!.TextContent);
        Assert.Equal("access_denied", refused.TextOf("error"));
        Assert.True(refused.Has("sign-in"), refused.ToString());
    }

    [Fact]
    public async Task Somebody_new_signs_in_with_Google()
    {
        using var browser = new LoopbackBrowser();
        var google = await ToGoogleAsync(browser);

        var consent = await browser.PressAsync(google, "account-110000000000000000001");
        var home = await browser.PressAsync(consent, "consent-allow");

        Assert.Equal("Grace Newman", home.TextOf("signed-in-name"));
        Assert.Equal("grace@mail.sandbox.example", ClaimOn(home, "email"));
        Assert.Equal("200 OK", (await browser.ClickAsync(home, "call-api")).TextOf("api-status"));
    }

    [Fact]
    public async Task Cancelling_at_Google_leads_back_to_a_page_of_the_provider()
    {
        var addresses = await sandbox.AddressesAsync();
        using var browser = new LoopbackBrowser();
        var google = await ToGoogleAsync(browser);

        var page = await browser.PressAsync(google, "cancel");

        Assert.Equal(addresses.Provider, page.Url.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.OK, page.Status);
    }

    [Fact]
    public async Task An_hour_later_the_app_refreshes_its_tokens_by_itself_and_the_API_still_answers()
    {
        var root = Directory.CreateTempSubdirectory("sandbox-");
        var clock = new TestClock();
        await using (var own = await SandboxApp.StartAsync(SandboxOptions.OnFreePorts(root.FullName) with { Clock = clock }, CancellationToken.None))
        {
            using var browser = new LoopbackBrowser();
            var home = await SignInAsync(browser, own.Addresses, "bob", "bob-sandbox-password");
            var before = await browser.ClickAsync(home, "call-api");

            clock.Advance(TimeSpan.FromHours(1));
            var after = await browser.ClickAsync(home, "call-api");

            Assert.Equal("200 OK", after.TextOf("api-status"));
            Assert.NotEqual(before.TextOf("api-answer"), after.TextOf("api-answer"));
        }

        root.Delete(recursive: true);
    }

    private static string ClaimOn(Page page, string claim) =>
        page.Document.QuerySelector($"[data-claim='{claim}']")?.TextContent ?? $"no claim {claim} on\n{page}";

    private async Task<Page> ToGoogleAsync(LoopbackBrowser browser)
    {
        var addresses = await sandbox.AddressesAsync();
        var login = await browser.OpenAsync(addresses.WebApp + "/sign-in");
        var button = login.Document.QuerySelector("form[action*='external-login'] button")
            ?? throw new InvalidOperationException($"No button for Google on\n{login}");
        button.Id ??= "google";
        var google = await browser.PressAsync(login, button.Id);
        Assert.Equal(addresses.Google, google.Url.GetLeftPart(UriPartial.Authority));
        return google;
    }

    private static async Task<Page> SignInAtProviderAsync(LoopbackBrowser browser, SandboxAddresses addresses, string userName, string password)
    {
        var login = await browser.ClickAsync(await browser.OpenAsync(addresses.WebApp), "sign-in");
        return await browser.PressAsync(login, "login-submit", new Dictionary<string, string>
        {
            ["username"] = userName,
            ["password"] = password,
        });
    }

    private static async Task<Page> SignInAsync(LoopbackBrowser browser, SandboxAddresses addresses, string userName, string password)
    {
        var page = await SignInAtProviderAsync(browser, addresses, userName, password);
        // Another test may have been asked first: what was allowed is remembered.
        return page.Has("consent-allow") ? await browser.PressAsync(page, "consent-allow") : page;
    }
}
