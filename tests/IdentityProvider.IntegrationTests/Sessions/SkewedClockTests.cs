using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Sessions;

/// <summary>Two nodes whose clocks are a minute apart, and the shortest idle lifetime that can be set.</summary>
public sealed class SkewedClockTests
{
    [Theory, OnEachDatabase]
    public async Task A_fresh_session_of_either_lives_on_both_and_an_ended_one_on_none(TestDatabase database)
    {
        var ahead = new TestClock();
        ahead.Advance(TimeSpan.FromMinutes(1));
        await using var nodes = await TwoNodes.StartAsync(
            database, new() { ["IdentityProvider:Sessions:IdleLifetime"] = "00:05:00" }, ahead);
        foreach (var (here, there) in new[] { (nodes.A, nodes.B), (nodes.B, nodes.A) })
        {
            var person = await here.NewPersonAsync();
            using var browser = here.NewBrowser();
            var tokens = await here.RelyingParty(Portal).SignInAsync(browser, person, "openid");

            await there.RunAsync("sessions.expire");
            Assert.True(await there.IsSignedInAsync(browser));
            tokens = (await there.RelyingParty(Portal).RefreshAsync(tokens.RefreshToken)).OrFail();

            // Used on one or the other once in a while, it lives: what either writes is never far in the past or the future for the other.
            for (var minute = 0; minute < 12; minute++)
            {
                here.Clock.Advance(TimeSpan.FromMinutes(1));
                there.Clock.Advance(TimeSpan.FromMinutes(1));
                var node = minute % 4 < 2 ? here : there;
                if (minute % 2 == 0)
                {
                    Assert.True(await node.IsSignedInAsync(browser), $"in minute {minute}");
                    await node.RunAsync("sessions.seen");
                }

                await nodes.A.RunAsync("sessions.expire");
                await nodes.B.RunAsync("sessions.expire");
            }

            using var leaving = new Browser(here);
            foreach (var cookie in browser.Cookies.All)
            {
                leaving.Cookies.Add(cookie);
            }

            await leaving.PressAndFollowAsync(await leaving.OpenAsync("/logout"), "logout-confirm");
            Assert.False(await there.IsSignedInAsync(browser));
            Assert.False(await here.IsSignedInAsync(browser));
            Assert.Equal("invalid_grant", (await there.RelyingParty(Portal).RefreshAsync(tokens.RefreshToken)).Error);
        }
    }
}
