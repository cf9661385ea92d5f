using System.Net;
using IdentityProvider.Sandbox;
using IdentityProvider.Sandbox.Google;
using IdentityProvider.Testing;
using Microsoft.Net.Http.Headers;
using Xunit;

namespace IdentityProvider.IntegrationTests.Sandbox;

/// <summary>Four applications share a process and a host name, and browsers send every cookie of a host to every port.</summary>
public class SeparateApplicationsTests(RunningSandbox sandbox)
{
    [Theory]
    [InlineData("provider", "/login")]
    [InlineData("provider", "/account")]
    [InlineData("provider", "/connect/authorize")]
    [InlineData("provider", "/health/ready")]
    [InlineData("provider", "/assets/idp.css")]
    [InlineData("provider", "/.well-known/oauth-authorization-server")]
    [InlineData("web app", "/sign-in")]
    [InlineData("web app", "/signin-oidc")]
    [InlineData("web app", "/call-api")]
    [InlineData("web app", "/web-app.css")]
    [InlineData("API", "/notes")]
    [InlineData("stand-in", GoogleApp.AuthorizationPath)]
    [InlineData("stand-in", GoogleApp.KeysPath)]
    [InlineData("stand-in", "/google.css")]
    public async Task No_application_serves_what_belongs_to_another(string owner, string path)
    {
        foreach (var (name, address) in Named(await sandbox.AddressesAsync()))
        {
            using var browser = new LoopbackBrowser();

            var status = (await browser.GetAsync(address + path)).Status;

            Assert.True(name == owner ? status != HttpStatusCode.NotFound : status == HttpStatusCode.NotFound, $"{name} answers {path} with {status}.");
        }
    }

    [Fact]
    public async Task Every_cookie_bears_the_name_of_the_application_that_set_it_and_survives_plain_http()
    {
        using var browser = new LoopbackBrowser();
        var login = await browser.OpenAsync((await sandbox.AddressesAsync()).WebApp + "/sign-in");
        var midway = browser.Cookies.All;
        await SignInAsync(browser, login);

        var cookies = midway.Concat(browser.Cookies.All).DistinctBy(cookie => cookie.Name).ToList();

        Assert.Contains(cookies, cookie => cookie.Name.StartsWith("sample-web-app.correlation.", StringComparison.Ordinal));
        Assert.Contains(cookies, cookie => cookie.Name.StartsWith("sample-web-app.nonce.", StringComparison.Ordinal));
        Assert.Contains(cookies, cookie => cookie.Name == "idp.session");
        Assert.All(cookies, cookie =>
        {
            Assert.True(
                cookie.Name.StartsWith("sample-web-app.", StringComparison.Ordinal) || cookie.Name.StartsWith("idp.", StringComparison.Ordinal), cookie.Name);
            Assert.False(cookie.Secure, cookie.Name);
            Assert.True(cookie.HttpOnly, cookie.Name);
            Assert.True(cookie.SameSite is SameSiteMode.Lax or SameSiteMode.Strict, cookie.Name);
        });
    }

    [Fact]
    public async Task No_application_accepts_the_cookie_of_another()
    {
        var addresses = await sandbox.AddressesAsync();
        using var browser = new LoopbackBrowser();
        await SignInAsync(browser, await browser.OpenAsync(addresses.WebApp + "/sign-in"));
        var ofProvider = browser.Cookies.Find("idp.session")!;
        var ofWebApp = browser.Cookies.Find("sample-web-app.session")!;

        using var swapped = new LoopbackBrowser();
        swapped.Cookies.Add(ofProvider with { Value = ofWebApp.Value });
        swapped.Cookies.Add(ofWebApp with { Value = ofProvider.Value });

        Assert.True((await swapped.OpenAsync(addresses.WebApp)).Has("sign-in"), "The web app took the provider's cookie.");
        Assert.True((await swapped.OpenAsync(addresses.WebApp + "/sign-in")).Has("login-submit"), "The provider took the web app's cookie.");
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync(addresses.Api + "/notes")).Status);
    }

    [Fact]
    public async Task A_page_elsewhere_whose_name_points_at_this_machine_gets_no_answer()
    {
        foreach (var (_, address) in Named(await sandbox.AddressesAsync()))
        {
            using var browser = new LoopbackBrowser();
            using var request = new HttpRequestMessage(HttpMethod.Get, address + "/");
            request.Headers.Host = "rebound.example";

            Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendAsync(request)).Status);
        }
    }

    private static async Task SignInAsync(LoopbackBrowser browser, Page login)
    {
        var consent = await browser.PressAsync(login, "login-submit", new Dictionary<string, string>
        {
            ["username"] = "bob",
            ["password"] = "bob-sandbox-password",
        });
        var home = consent.Has("consent-allow") ? await browser.PressAsync(consent, "consent-allow") : consent;
        Assert.Equal("Bob Sample", home.TextOf("signed-in-name"));
    }

    private static IEnumerable<(string Name, string Address)> Named(SandboxAddresses addresses) =>
        [("provider", addresses.Provider), ("web app", addresses.WebApp), ("API", addresses.Api), ("stand-in", addresses.Google)];
}
