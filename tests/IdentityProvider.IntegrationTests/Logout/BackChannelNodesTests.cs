using System.Net;
using IdentityProvider.Logout;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Http;
using static IdentityProvider.IntegrationTests.Logout.LoggedOutApps;

namespace IdentityProvider.IntegrationTests.Logout;

/// <summary>Several nodes, some of which die: each client is told, and each receipt says so once.</summary>
public sealed class BackChannelNodesTests
{
    [Theory, OnEachDatabase] // BC9
    public async Task Two_nodes_that_end_the_same_sessions_tell_of_each_once(TestDatabase database)
    {
        await using var first = await StartAsync(database);
        await using var second = await first.StartSecondNodeAsync();
        await using var receiver = await LogoutReceiver.StartAsync();
        var app = await first.NewAppAsync(receiver);
        var person = await first.NewPersonAsync();
        List<string> sids = [];
        for (var i = 0; i < 6; i++)
        {
            sids.Add(SidOf(await app.SignInAsync(person)));
        }

        await Task.WhenAll(
            first.EndAsync(sessions => sessions.EndAllAsync(person.Id, SessionEndReason.EndedByAdministrator, CancellationToken.None)),
            second.EndAsync(sessions => sessions.EndAllAsync(person.Id, SessionEndReason.EndedByAdministrator, CancellationToken.None)));

        await Eventually.TrueAsync(async () => (await first.DeliveriesAsync(app.ClientId)).Count == 6);
        await first.UntilAsync(app.ClientId, LogoutDeliveryState.Delivered);
        Assert.Equal(sids.Order(StringComparer.Ordinal), (await first.DeliveriesAsync(app.ClientId)).Select(row => row.SessionId).Order(StringComparer.Ordinal));
        Assert.Equal(6, receiver.Of(app.ClientId).Count);
    }

    [Theory, OnEachDatabase]
    public async Task What_a_node_had_no_time_to_tell_another_one_tells(TestDatabase database)
    {
        await using var first = await StartAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var app = await first.NewAppAsync(receiver);
        using var browser = first.NewBrowser();
        var tokens = await app.SignInAsync(browser, await first.NewPersonAsync());
        await first.SilenceAsync();

        var page = await browser.LogOutAsync(tokens);
        Assert.Equal("Signed out of 0 of 1 app.", page.TextOf("receipt"));
        Assert.Empty(receiver.Of(app.ClientId));

        await using var second = await first.StartSecondNodeAsync();
        await second.UntilAsync(app.ClientId, LogoutDeliveryState.Delivered);
        Assert.Single(receiver.Of(app.ClientId));
    }

    [Theory, OnEachDatabase]
    public async Task A_node_that_is_stopped_while_an_app_keeps_it_waiting_leaves_the_rest_to_the_next(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var app = await host.NewAppAsync(receiver);
        receiver.Answer(app.ClientId, context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        using var browser = host.NewBrowser();
        await browser.LogOutAsync(await app.SignInAsync(browser, await host.NewPersonAsync()));

        receiver.Answer(app.ClientId, StatusCodes.Status200OK);
        await host.RestartAsync();

        await host.UntilAsync(app.ClientId, LogoutDeliveryState.Delivered);
        Assert.Equal(2, receiver.Of(app.ClientId).Count);
        Assert.Equal(LogoutOutcome.Delivered, Assert.Single((await host.DeliveriesAsync(app.ClientId)).Single().ReadAttempts()).Outcome);
    }

    [Theory, OnEachDatabase]
    public async Task What_a_process_was_telling_when_it_was_killed_another_one_tells(TestDatabase database)
    {
        await using var other = await StartAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var app = await other.NewAppAsync(receiver);
        var person = await other.NewPersonAsync();
        await other.SilenceAsync();
        // The first answer never comes; what is sent after it is answered at once.
        var asked = 0;
        receiver.Answer(app.ClientId, context => Interlocked.Increment(ref asked) == 1 ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted) : Task.CompletedTask);
        Dictionary<string, string?> settings = new(other.Storage.Settings) { ["IdentityProvider:Issuer"] = other.Issuer, [MayCallApps.Key] = MayCallApps.Value };

        string receipt;
        await using (var killed = await HostProcess.StartAsync(other.Storage.ContentRoot, Ports.Free(), settings))
        {
            app.Node = killed;
            using var browser = killed.NewBrowser();
            var tokens = await app.SignInAsync(browser, person);
            receipt = (await browser.LogOutAsync(tokens)).Url.PathAndQuery;
            Assert.Single(receiver.Of(app.ClientId));
            await killed.KillAsync();
        }

        await other.RestartAsync();
        using var later = other.NewBrowser();
        Assert.Equal("Signed out of 0 of 1 app.", (await later.OpenAsync(receipt)).TextOf("receipt"));
        // Nobody knows that it died: it might still be at it.
        other.Clock.Advance(TimeSpan.FromMinutes(2));
        await other.UntilAsync(app.ClientId, LogoutDeliveryState.Delivered);

        Assert.Equal(2, receiver.Of(app.ClientId).Count);
        Assert.Equal(LogoutOutcome.Delivered, Assert.Single((await other.DeliveriesAsync(app.ClientId)).Single().ReadAttempts()).Outcome);
        Assert.Equal("Signed out of 1 app. You can close this page now.", (await later.OpenAsync(receipt)).TextOf("receipt"));
    }

    [Theory, OnEachDatabase]
    public async Task The_administrator_sees_each_logout_and_each_attempt(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        Dictionary<string, string?> settings = new(host.Storage.Settings) { ["IdentityProvider:Issuer"] = host.Issuer };
        Assert.Equal((0, "No app had to be told of a logout.\n"), await LogoutsAsync());
        var (good, bad) = (await host.NewAppAsync(receiver), await host.NewAppAsync(receiver));
        receiver.Answer(bad.ClientId, (int)HttpStatusCode.BadGateway);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        await good.SignInAsync(browser, person);
        var tokens = await bad.SignInAsync(browser, person);
        await browser.LogOutAsync(tokens);
        var row = (await host.DeliveriesAsync(bad.ClientId)).Single();

        var list = await LogoutsAsync("--last", "5");
        Assert.Equal(0, list.ExitCode);
        var line = list.Output.Split('\n')[1];
        Assert.StartsWith(row.LogoutId.ToString("N"), line, StringComparison.Ordinal);
        Assert.Contains("LoggedOutByClient", line, StringComparison.Ordinal);
        Assert.EndsWith("1 of 2      " + bad.ClientId, line, StringComparison.Ordinal);

        var told = await LogoutsAsync(row.LogoutId.ToString("N"));
        Assert.Contains($"{good.ClientId}: signed out\n", told.Output, StringComparison.Ordinal);
        Assert.Contains($"{bad.ClientId}: has not answered yet, next attempt after", told.Output, StringComparison.Ordinal);
        Assert.Contains("Failed (502) after", told.Output, StringComparison.Ordinal);
        Assert.Contains($"Person       {person.Subject}\n", told.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await LogoutsAsync("--session", SidOf(tokens))).ExitCode);
        var unknown = await LogoutsAsync("--session", "x");
        Assert.Equal(1, unknown.ExitCode);
        Assert.StartsWith("There is no such logout.", unknown.Output, StringComparison.Ordinal);

        Task<(int ExitCode, string Output)> LogoutsAsync(params string[] arguments) =>
            HostProcess.RunAsync(host.Storage.ContentRoot, settings, ["logouts", .. arguments]);
    }
}
