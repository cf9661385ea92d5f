using System.Net;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Sessions;

/// <summary>"Sign out everywhere else", as the devices and the apps feel it, on two nodes.</summary>
public sealed class SignOutElsewhereTests
{
    [Theory, OnEachDatabase]
    public async Task What_is_ended_at_one_node_is_dead_at_both_and_offline_access_goes_on(TestDatabase database)
    {
        await using var a = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await using var b = await a.StartSecondNodeAsync();
        var person = await a.NewPersonAsync();
        using var here = a.NewBrowser();
        await here.SignInAsync(person.UserName, person.Password);
        using var there = a.NewBrowser();
        var portal = a.RelyingParty(Portal);
        var shop = a.RelyingParty(Shop);
        var online = await portal.SignInAsync(there, person);
        var offline = await shop.SignInAsync(there, person, "openid offline_access");
        var kept = await portal.SignInAsync(here, person);
        // Both nodes know that browser.
        there.Node = b;
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/account")).Status);

        await here.PressAndFollowAsync(await here.OpenAsync("/account/sessions/others"), "sessions-end-others-confirm");

        foreach (var node in new[] { a, b })
        {
            there.Node = here.Node = portal.Node = shop.Node = node;
            // The cookie, on its next request.
            Assert.Equal("/login", (await there.GetAsync("/account")).Location?.AbsolutePath);
            var silent = portal.NewRequest(change: parameters => parameters["prompt"] = "none");
            Assert.Equal("login_required", silent.ErrorFrom(await there.OpenAsync(silent.Url)));
            // The tokens of its session, except those for which signing out is not the end (OpenID Connect Core §11).
            Assert.Equal("invalid_grant", (await portal.RefreshAsync(online.RefreshToken)).Error);
            Assert.Equal(HttpStatusCode.Unauthorized, (await portal.UserInfoAsync(online.AccessToken)).Status);
            offline = (await shop.RefreshAsync(offline.RefreshToken)).OrFail();
            Assert.Equal(HttpStatusCode.OK, (await shop.UserInfoAsync(offline.AccessToken)).Status);
            // This device and its apps.
            Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/account")).Status);
            kept = (await portal.RefreshAsync(kept.RefreshToken)).OrFail();

            // The person is told what goes on, although its session is not in the list any more.
            var page = await here.OpenAsync("/account/sessions");
            Assert.Single(page.Document.QuerySelectorAll(".session"));
            Assert.StartsWith("Shop Since ", page.TextOf("lasting-apps"), StringComparison.Ordinal);
        }

        // Once the app gives it back, there is nothing left to tell.
        await shop.RevokeAsync(offline.RefreshToken);
        Assert.False((await here.OpenAsync("/account/sessions")).Has("lasting-apps"));
    }

    [Theory, OnEachDatabase]
    public async Task Two_nodes_that_end_the_same_sessions_at_once_both_succeed(TestDatabase database)
    {
        await using var a = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await using var b = await a.StartSecondNodeAsync();
        var person = await a.NewPersonAsync();
        List<Browser> browsers = [];
        try
        {
            for (var i = 0; i < 6; i++)
            {
                browsers.Add((i % 2 == 0 ? a : b).NewBrowser());
                await browsers[i].SignInAsync(person.UserName, person.Password);
            }

            var questions = new[] { await browsers[0].OpenAsync("/account/sessions/others"), await browsers[1].OpenAsync("/account/sessions/others") };
            var answers = await Task.WhenAll(
                browsers[0].PressAsync(questions[0], "sessions-end-others-confirm"), browsers[1].PressAsync(questions[1], "sessions-end-others-confirm"));

            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.SeeOther, answer.Status));
            var alive = await Task.WhenAll(browsers.Select(async browser => (await browser.GetAsync("/account")).Status == HttpStatusCode.OK));
            Assert.DoesNotContain(true, alive.Skip(2));
            // One of the two who pressed may have been signed out by the other, or each by the other.
            Assert.InRange(alive.Count(live => live), 0, 1);
        }
        finally
        {
            browsers.ForEach(browser => browser.Dispose());
        }
    }
}
