using System.Net;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.TokenExchange;
using IdentityProvider.Sessions;
using IdentityProvider.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Sessions;

/// <summary>
/// Whatever ends a session ends the same things: its cookie on every node, its refresh tokens, and access tokens that have no row.
/// What has offline_access outlives a logout and an expiry, and nothing that is meant to shut somebody out.
/// </summary>
public sealed class EndingTests(TwoNodesFixture fixture) : IClassFixture<TwoNodesFixture>
{
    [Theory, OnEachDatabase]
    public Task By_the_person(TestDatabase database) => AssertEndsAsync(database, SessionEndReason.SignedOut, offlineSurvives: true,
        async state => await state.Browser.PressAndFollowAsync(await state.Browser.OpenAsync("/logout"), "logout-confirm"));

    [Theory, OnEachDatabase]
    public Task By_a_client_of_the_person(TestDatabase database) => AssertEndsAsync(database, SessionEndReason.LoggedOutByClient, offlineSurvives: true,
        state => state.Browser.OpenAsync($"/connect/logout?id_token_hint={state.Online.IdToken}"));

    [Theory, OnEachDatabase]
    public Task By_somebody_else_who_signs_in_in_the_same_browser(TestDatabase database) => AssertEndsAsync(
        database, SessionEndReason.Replaced, offlineSurvives: true, async state =>
        {
            var other = await state.Nodes.A.NewPersonAsync();
            var request = state.Nodes.A.RelyingParty(StandardDeclaration.Portal).NewRequest(change: parameters => parameters["prompt"] = "login");
            await state.Browser.AuthorizeAsync(request, other);
        });

    [Theory, OnEachDatabase]
    public Task By_an_administrator(TestDatabase database) => AssertEndsAsync(database, SessionEndReason.EndedByAdministrator, offlineSurvives: false,
        state => state.WithAsync<SessionRegistry>(sessions => sessions.EndAllAsync(state.Person.Id, SessionEndReason.EndedByAdministrator, CancellationToken.None)));

    [Theory, OnEachDatabase]
    public Task By_a_new_password(TestDatabase database) => AssertEndsAsync(database, SessionEndReason.PasswordChanged, offlineSurvives: false,
        state => state.WithAsync<PasswordChange>(async change => Assert.IsType<PasswordChangeOutcome.Changed>(
            await change.ChangeAsync(state.Person.Subject, "another-password-after-a-theft", CancellationToken.None))));

    [Theory, OnEachDatabase]
    public Task By_disabling_the_account(TestDatabase database) => AssertEndsAsync(database, SessionEndReason.UserDisabled, offlineSurvives: false,
        state => state.WithAsync<AccountStatus>(async status => Assert.True(await status.DisableAsync(state.Person.Subject, CancellationToken.None))));

    [Theory, OnEachDatabase]
    public Task By_removing_the_account(TestDatabase database) => AssertEndsAsync(database, reason: null, offlineSurvives: false,
        state => state.WithAsync<AppDbContext>(async db =>
        {
            await using var scope = state.Nodes.A.Services.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            await using var transaction = await context.Database.BeginTransactionAsync();
            Assert.True(await scope.ServiceProvider.GetRequiredService<AccountRemoval>().RemoveAsync(state.Person.Id, CancellationToken.None));
            await transaction.CommitAsync();
            // Told before the rows went, as any other end.
            Assert.Contains(
                await db.Set<Audit.AuditEvent>().Where(row => row.SessionId == state.Sid).ToListAsync(),
                row => row.Type == Audit.AuditEventType.SessionEnded && row.Reason == nameof(SessionEndReason.EndedByAdministrator));
        }));

    [Theory, OnEachDatabase] // RF7: RFC 9700 §4.14.2
    public Task By_a_refresh_token_that_is_used_again(TestDatabase database) => AssertEndsAsync(database, SessionEndReason.RefreshTokenReused, offlineSurvives: true,
        async state =>
        {
            var front = state.Nodes.A.Party("front");
            (await front.RefreshAsync(state.Online.RefreshToken)).OrFail();
            state.Nodes.A.Clock.Advance(TimeSpan.FromSeconds(31));
            Assert.Equal("invalid_grant", (await front.RefreshAsync(state.Online.RefreshToken)).Error);
        });

    [Theory, OnEachDatabase]
    public Task By_its_absolute_end(TestDatabase database) => AssertEndsAsync(database, SessionEndReason.Expired, offlineSurvives: true, async state =>
    {
        var clock = state.Nodes.A.Clock;
        for (var quarters = 0; quarters < 47; quarters++)
        {
            clock.Advance(TimeSpan.FromMinutes(15));
            state.Online = (await state.Nodes.A.Party("front").RefreshAsync(state.Online.RefreshToken)).OrFail();
            await state.Nodes.A.RunAsync("sessions.seen");
        }

        clock.Advance(TimeSpan.FromMinutes(10));
        state.Online = (await state.Nodes.A.Party("front").RefreshAsync(state.Online.RefreshToken)).OrFail();
        state.Offline = (await state.Nodes.A.Party("front").RefreshAsync(state.Offline.RefreshToken)).OrFail();
        await AssertTokenAsync(state.Nodes.B, state.Online.AccessToken, works: true);
        // Its access token is good for another ten minutes, but for the end of the session.
        clock.Advance(TimeSpan.FromMinutes(5));
        await state.Nodes.B.RunAsync("sessions.expire");
    });

    [Theory, OnEachDatabase]
    public Task By_not_being_used(TestDatabase database) => AssertEndsAsync(database, SessionEndReason.Expired, offlineSurvives: true, async state =>
    {
        state.Nodes.A.Clock.Advance(TimeSpan.FromHours(2.1));
        state.Offline = (await state.Nodes.A.Party("front").RefreshAsync(state.Offline.RefreshToken)).OrFail();
        await state.Nodes.A.RunAsync("sessions.expire");
        await state.Nodes.B.RunAsync("sessions.expire");
    });

    [Theory, OnEachDatabase]
    public async Task A_reused_token_with_offline_access_ends_alone_where_its_session_is_gone(TestDatabase database)
    {
        using var state = await SignedInAsync(database);
        await state.Browser.PressAndFollowAsync(await state.Browser.OpenAsync("/logout"), "logout-confirm");
        using var another = state.Nodes.A.NewBrowser();
        await another.SignInAsync(state.Person.UserName, state.Person.Password);
        var front = state.Nodes.A.Party("front");
        var successor = (await front.RefreshAsync(state.Offline.RefreshToken)).OrFail();
        state.Nodes.A.Clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal("invalid_grant", (await front.RefreshAsync(state.Offline.RefreshToken)).Error);

        Assert.Equal("invalid_grant", (await front.RefreshAsync(successor.RefreshToken)).Error);
        Assert.True(await state.Nodes.B.IsSignedInAsync(another));
    }

    [Theory, OnEachDatabase]
    public async Task A_reused_token_ends_the_session_once_however_often_it_comes_and_also_the_one_that_goes_on(TestDatabase database)
    {
        using var state = await SignedInAsync(database);
        var request = state.Nodes.A.RelyingParty(StandardDeclaration.Portal).NewRequest(change: parameters => parameters["prompt"] = "login");
        await state.Browser.AuthorizeAsync(request, state.Person);
        Assert.NotEqual(state.Sid, state.Browser.SidOf());
        var front = state.Nodes.A.Party("front");
        (await front.RefreshAsync(state.Offline.RefreshToken)).OrFail();
        state.Nodes.A.Clock.Advance(TimeSpan.FromSeconds(31));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(index =>
            (index % 2 == 0 ? state.Nodes.A : state.Nodes.B).Party("front").RefreshAsync(state.Offline.RefreshToken)));

        Assert.All(answers, answer => Assert.Equal("invalid_grant", answer.Error));
        Assert.False(await state.Nodes.B.IsSignedInAsync(state.Browser));
        Assert.Equal(nameof(SessionEndReason.RefreshTokenReused), (await state.Nodes.A.SessionAsync(state.Sid))!.EndReason);
        await state.WithAsync<Audit.AuditLog>(audit => audit.FlushAsync(CancellationToken.None));
        await state.WithAsync<AppDbContext>(async db => Assert.Equal(2, await db.Set<Audit.AuditEvent>().CountAsync(row =>
            row.Subject == state.Person.Subject && row.Type == Audit.AuditEventType.SessionEnded)));
    }

    [Theory, OnEachDatabase]
    public async Task What_ended_a_month_ago_is_removed_and_what_lives_is_not(TestDatabase database)
    {
        using var ended = await SignedInAsync(database);
        await ended.Browser.PressAndFollowAsync(await ended.Browser.OpenAsync("/logout"), "logout-confirm");
        ended.Nodes.A.Clock.Advance(TimeSpan.FromDays(29));
        using var live = await SignedInAsync(database);
        await live.Nodes.A.RunAsync("sessions.prune");
        Assert.NotNull(await live.Nodes.A.SessionAsync(ended.Sid));

        live.Nodes.A.Clock.Advance(TimeSpan.FromDays(1.1));
        await live.Nodes.B.RunAsync("sessions.prune");

        Assert.Null(await live.Nodes.A.SessionAsync(ended.Sid));
        Assert.NotNull(await live.Nodes.A.SessionAsync(live.Sid));
    }

    private async Task AssertEndsAsync(TestDatabase database, SessionEndReason? reason, bool offlineSurvives, Func<State, Task> end)
    {
        using var state = await SignedInAsync(database);
        using var thief = new Browser(state.Nodes.A);
        foreach (var cookie in state.Browser.Cookies.All)
        {
            thief.Cookies.Add(cookie);
        }

        await AssertTokenAsync(state.Nodes.B, state.Online.AccessToken, works: true);
        await end(state);

        Assert.False(await state.Nodes.A.IsSignedInAsync(thief));
        Assert.False(await state.Nodes.B.IsSignedInAsync(thief));
        await AssertTokenAsync(state.Nodes.B, state.Online.AccessToken, works: false);
        Assert.Equal("invalid_grant", (await state.Nodes.B.Party("front").RefreshAsync(state.Online.RefreshToken)).Error);
        await AssertTokenAsync(state.Nodes.B, state.Offline.AccessToken, offlineSurvives);
        Assert.Equal(offlineSurvives, (await state.Nodes.A.Party("front").RefreshAsync(state.Offline.RefreshToken)).Succeeded);
        Assert.Equal(reason?.ToString(), (await state.Nodes.A.SessionAsync(state.Sid))?.EndReason);
    }

    /// <summary>An access token without a row, at each place where this server reads one.</summary>
    private static async Task AssertTokenAsync(ProviderHost node, string token, bool works)
    {
        var middle = node.Party("middle");
        Assert.Equal(works ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, (await middle.UserInfoAsync(token)).Status);
        Assert.Equal(works, (await middle.IntrospectAsync(token)).OrFail().Json.GetProperty("active").GetBoolean());
        Assert.Equal(works, (await middle.ExchangeTokenAsync(token, await middle.OwnTokenAsync())).Succeeded);
    }

    private async Task<State> SignedInAsync(TestDatabase database)
    {
        var nodes = await fixture.OnAsync(database);
        var person = await nodes.A.NewPersonAsync();
        var browser = nodes.A.NewBrowser();
        var front = nodes.A.Party("front");
        return new State(nodes, person, browser)
        {
            Online = await front.SignInAsync(browser, person, "openid first"),
            Offline = await front.SignInAsync(browser, person, "openid first offline_access"),
            Sid = browser.SidOf(),
        };
    }

    private sealed class State(TwoNodes nodes, TestPerson person, Browser browser) : IDisposable
    {
        public TwoNodes Nodes => nodes;

        public TestPerson Person => person;

        public Browser Browser => browser;

        public required string Sid { get; init; }

        public required ProtocolResponse Online { get; set; }

        public required ProtocolResponse Offline { get; set; }

        public async Task WithAsync<T>(Func<T, Task> act) where T : notnull
        {
            await using var scope = nodes.A.Services.CreateAsyncScope();
            await act(scope.ServiceProvider.GetRequiredService<T>());
        }

        public void Dispose() => browser.Dispose();
    }
}
