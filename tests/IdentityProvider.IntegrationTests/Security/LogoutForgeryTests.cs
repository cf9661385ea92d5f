using System.Net;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Security;

/// <summary>A form that another site posts to the end-session endpoint comes without cookies: it must neither sign out a stranger nor fail to sign out its own person.</summary>
public class LogoutForgeryTests(SharedProviders providers)
{
    private static readonly Uri otherSite = new("https://evil.example/");

    [Theory, OnEachDatabase]
    public async Task Somebody_elses_hint_posted_from_another_site_signs_nobody_out(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        using var victim = provider.NewBrowser();
        await shop.SignInAsync(victim, await provider.NewPersonAsync());
        var attackers = await shop.SignInAsync(await provider.NewPersonAsync());

        var page = await victim.FollowAsync(await victim.PostAsync("/connect/logout", [new("id_token_hint", attackers.IdToken)], otherSite));

        Assert.True(page.Has("logout-confirm"));
        Assert.True(await IsSignedInAsync(shop, victim));
    }

    [Theory, OnEachDatabase]
    public async Task A_clients_posted_logout_ends_the_session_and_its_grants_on_the_server(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        using var browser = provider.NewBrowser();
        var tokens = await shop.SignInAsync(browser, await provider.NewPersonAsync());
        var kept = browser.Cookies.Find("idp.session");

        var done = await browser.FollowAsync(await browser.PostAsync("/connect/logout",
            [
                new("id_token_hint", tokens.IdToken), new("post_logout_redirect_uri", StandardDeclaration.LoggedOutUri),
                new("client_id", shop.ClientId), new("state", "a b&c=" + new string('d', 2000)),
            ], new Uri("https://app.example/")));

        Assert.Equal(StandardDeclaration.LoggedOutUri, done.Location!.GetLeftPart(UriPartial.Path));
        Assert.Equal("a b&c=" + new string('d', 2000), Assert.Single(done.LocationQuery).Value);
        browser.Cookies.Add(kept!);
        Assert.False(await IsSignedInAsync(shop, browser));
        Assert.Equal("invalid_grant", (await shop.RefreshAsync(tokens.RefreshToken)).Error);
    }

    private static async Task<bool> IsSignedInAsync(RelyingParty client, Browser browser)
    {
        var request = client.NewRequest(change: parameters => parameters["prompt"] = "none");
        return request.AnswerFrom(await browser.OpenAsync(request.Url)).ContainsKey("code");
    }
}
