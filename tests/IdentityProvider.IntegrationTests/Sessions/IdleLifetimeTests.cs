using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Sessions;

/// <summary>A session that is not used dies before its absolute end; what counts as use, and how rarely it is written.</summary>
public sealed class IdleLifetimeTests(TwoNodesFixture fixture) : IClassFixture<TwoNodesFixture>
{
    private static readonly TimeSpan Idle = TimeSpan.FromHours(2);

    [Theory, OnEachDatabase]
    public async Task Unused_for_two_hours_it_is_dead_on_every_node_and_its_refresh_tokens_with_it(TestDatabase database)
    {
        var (nodes, browser, online, offline) = await SignedInAsync(database);
        using var _ = browser;
        nodes.A.Clock.Advance(Idle + TimeSpan.FromSeconds(1));

        Assert.False(await nodes.A.IsSignedInAsync(browser));
        Assert.False(await nodes.B.IsSignedInAsync(browser));
        Assert.Equal("invalid_grant", (await nodes.B.RelyingParty(Portal).RefreshAsync(online.RefreshToken)).Error);
        Assert.True((await nodes.B.RelyingParty(Portal).RefreshAsync(offline.RefreshToken)).Succeeded);
    }

    [Theory, OnEachDatabase]
    public async Task Pages_and_silent_requests_are_use_and_the_absolute_end_comes_all_the_same(TestDatabase database)
    {
        var (nodes, browser, online, _) = await SignedInAsync(database);
        using var __ = browser;
        for (var hours = 0.0; hours < 10; hours += 1.5)
        {
            nodes.A.Clock.Advance(TimeSpan.FromHours(1.5));
            Assert.True(await nodes.B.IsSignedInAsync(browser), $"after {hours + 1.5} hours");
            await nodes.B.RunAsync("sessions.seen");
        }

        nodes.A.Clock.Advance(TimeSpan.FromHours(1.5));
        Assert.False(await nodes.A.IsSignedInAsync(browser));
        Assert.Equal("invalid_grant", (await nodes.A.RelyingParty(Portal).RefreshAsync(online.RefreshToken)).Error);
    }

    [Theory, OnEachDatabase]
    public async Task A_refresh_is_use_unless_it_needs_no_session(TestDatabase database)
    {
        var (nodes, browser, online, offline) = await SignedInAsync(database);
        using var _ = browser;
        var portal = nodes.A.RelyingParty(Portal);
        nodes.A.Clock.Advance(TimeSpan.FromHours(1.5));
        (await portal.RefreshAsync(offline.RefreshToken)).OrFail();
        await nodes.A.RunAsync("sessions.seen");
        var unseen = await nodes.A.SessionAsync(browser.SidOf());
        Assert.True(unseen!.LastSeenAt - unseen.CreatedAt < TimeSpan.FromMinutes(1));

        var refreshed = (await portal.RefreshAsync(online.RefreshToken)).OrFail();
        Assert.DoesNotContain(refreshed.Sql, command => command.Contains("UPDATE \"Sessions\"", StringComparison.Ordinal));
        await nodes.A.RunAsync("sessions.seen");

        nodes.A.Clock.Advance(TimeSpan.FromHours(1.5));
        Assert.True(await nodes.B.IsSignedInAsync(browser));
        (await portal.RefreshAsync(refreshed.RefreshToken)).OrFail();
    }

    [Theory, OnEachDatabase]
    public async Task Many_requests_on_two_nodes_are_one_write_and_none_while_what_is_written_is_fresh(TestDatabase database)
    {
        var (nodes, browser, _, _) = await SignedInAsync(database);
        using var __ = browser;
        var sid = browser.SidOf();
        await WriteAllAsync(nodes);
        Assert.True(await nodes.A.IsSignedInAsync(browser));
        Assert.Empty(LifeOf(nodes.A).Notes());

        nodes.A.Clock.Advance(TimeSpan.FromMinutes(6));
        await Task.WhenAll(Enumerable.Range(0, 16).Select(index => (index % 2 == 0 ? nodes.A : nodes.B).IsSignedInAsync(browser)));

        Assert.Equal(sid, Assert.Single(LifeOf(nodes.A).Notes()).Sid);
        await nodes.A.RunAsync("sessions.seen");
        var seen = (await nodes.A.SessionAsync(sid))!.LastSeenAt;
        Assert.True(nodes.A.Clock.GetUtcNow().UtcDateTime - seen < TimeSpan.FromMinutes(1));
        await nodes.B.RunAsync("sessions.seen");
        Assert.Equal(seen, (await nodes.A.SessionAsync(sid))!.LastSeenAt);
        Assert.Empty(LifeOf(nodes.B).Notes());
    }

    [Theory, OnEachDatabase]
    public async Task A_page_and_a_silent_request_read_the_session_once_and_write_nothing_to_it(TestDatabase database)
    {
        var (nodes, browser, _, _) = await SignedInAsync(database);
        using var __ = browser;
        nodes.A.Clock.Advance(TimeSpan.FromMinutes(30));
        var silent = nodes.A.RelyingParty(Portal).NewRequest(change: parameters => parameters["prompt"] = "none");

        foreach (var url in new[] { new Uri(silent.Url), new Uri(nodes.A.Issuer + "/account") })
        {
            var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Add("Cookie", browser.Cookies.HeaderFor(url, HttpMethod.Get, crossSite: false));
            var answer = await nodes.A.RelyingParty(Portal).SendAsync(request);

            Assert.True((int)answer.Status is 200 or 302 or 303, answer.ToString());
            Assert.Single(answer.Sql, command => command.Contains("\"Sessions\"", StringComparison.Ordinal));
        }
    }

    [Theory, OnEachDatabase]
    public async Task Staying_signed_in_survives_a_night_but_not_two_weeks_unused(TestDatabase database)
    {
        var nodes = await fixture.OnAsync(database);
        var person = await nodes.A.NewPersonAsync();
        using var browser = nodes.A.NewBrowser();
        await browser.PressAndFollowAsync(await browser.OpenAsync("/login"), "login-submit", new Dictionary<string, string>
        {
            ["username"] = person.UserName,
            ["password"] = person.Password,
            ["remember"] = "true",
        });

        nodes.A.Clock.Advance(TimeSpan.FromDays(13));
        Assert.True(await nodes.A.IsSignedInAsync(browser));
        await WriteAllAsync(nodes);
        nodes.A.Clock.Advance(TimeSpan.FromDays(13));
        Assert.True(await nodes.B.IsSignedInAsync(browser));

        nodes.A.Clock.Advance(TimeSpan.FromDays(1.1));
        Assert.False(await nodes.B.IsSignedInAsync(browser));
    }

    [Theory, OnEachDatabase]
    public async Task A_row_from_before_last_uses_were_written_counts_from_its_sign_in(TestDatabase database)
    {
        var (nodes, browser, online, _) = await SignedInAsync(database);
        using var __ = browser;
        var sid = browser.SidOf();
        await using (var scope = nodes.A.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<Session>().Where(session => session.Id == sid)
                .ExecuteUpdateAsync(set => set.SetProperty(session => session.LastSeenAt, default(DateTime)));
        }

        nodes.A.Clock.Advance(TimeSpan.FromHours(1.9));
        await nodes.A.RunAsync("sessions.expire");
        Assert.True(await nodes.A.IsSignedInAsync(browser));
        Assert.True((await nodes.A.RelyingParty(Portal).RefreshAsync(online.RefreshToken)).Succeeded);

        await nodes.A.RunAsync("sessions.seen");
        nodes.A.Clock.Advance(TimeSpan.FromHours(1.9));
        Assert.True(await nodes.A.IsSignedInAsync(browser));
    }

    [Theory, OnEachDatabase] // Signing in again gives a new sid; the earlier one has no idle end of its own.
    public async Task What_was_granted_before_signing_in_again_lives_and_counts_as_use_of_the_session_that_goes_on(TestDatabase database)
    {
        var (nodes, browser, online, _) = await SignedInAsync(database);
        using var __ = browser;
        var earlier = browser.SidOf();
        var portal = nodes.A.RelyingParty(Portal);
        var again = portal.NewRequest(change: parameters => parameters["prompt"] = "login");
        var person = (await nodes.A.SessionAsync(earlier))!.UserId;
        var name = await UserNameAsync(nodes.A, person);
        await browser.AuthorizeAsync(again, name, "a-test-password-nobody-else-uses");
        var later = browser.SidOf();
        Assert.NotEqual(earlier, later);

        nodes.A.Clock.Advance(TimeSpan.FromHours(1.5));
        var refreshed = (await portal.RefreshAsync(online.RefreshToken)).OrFail();
        await nodes.A.RunAsync("sessions.seen");
        nodes.A.Clock.Advance(TimeSpan.FromHours(1.5));
        await nodes.A.RunAsync("sessions.expire");

        Assert.True(await nodes.A.IsSignedInAsync(browser));
        refreshed = (await portal.RefreshAsync(refreshed.RefreshToken)).OrFail();

        // Over is over before any job ran, and a use of the earlier session does not wake the later one.
        nodes.A.Clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal("invalid_grant", (await portal.RefreshAsync(refreshed.RefreshToken)).Error);
        await nodes.A.RunAsync("sessions.seen");
        Assert.False(await nodes.A.IsSignedInAsync(browser));
        await nodes.B.RunAsync("sessions.expire");
        Assert.Equal(nameof(SessionEndReason.Expired), (await nodes.A.SessionAsync(later))!.EndReason);
        Assert.Equal(nameof(SessionEndReason.Expired), (await nodes.A.SessionAsync(earlier))!.EndReason);
    }

    private static async Task<string> UserNameAsync(ProviderHost host, Guid id)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<AppDbContext>().Users.SingleAsync(user => user.Id == id)).UserName!;
    }

    private static SessionLife LifeOf(ProviderHost host) => host.Services.GetRequiredService<SessionLife>();

    private static async Task WriteAllAsync(TwoNodes nodes)
    {
        await nodes.A.RunAsync("sessions.seen");
        await nodes.B.RunAsync("sessions.seen");
    }

    private async Task<(TwoNodes Nodes, Browser Browser, ProtocolResponse Online, ProtocolResponse Offline)> SignedInAsync(TestDatabase database)
    {
        var nodes = await fixture.OnAsync(database);
        await WriteAllAsync(nodes);
        var person = await nodes.A.NewPersonAsync();
        var browser = nodes.A.NewBrowser();
        var portal = nodes.A.RelyingParty(Portal);
        var online = await portal.SignInAsync(browser, person, "openid");
        var offline = await portal.SignInAsync(browser, person, "openid offline_access");
        return (nodes, browser, online, offline);
    }
}
