using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.AuditTrail;

/// <summary>Strangers make as many refusals as they like; they fill neither the table nor the memory, and every one is counted.</summary>
public sealed class DecisionFloodTests
{
    private static readonly Dictionary<string, string> WrongSecret = new() { ["grant_type"] = "client_credentials", ["client_id"] = Machine, ["client_secret"] = "wrong" };

    [Theory, OnEachDatabase]
    public async Task Two_thousand_refusals_of_one_kind_at_once_are_one_row_with_their_number(TestDatabase database)
    {
        await using var host = await DecisionRecords.StartAsync(database);

        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (_, _) => Assert.Equal("invalid_client", (await host.RefusedTokenAsync(new(WrongSecret))).Error));

        var record = Assert.Single(await host.RefusalsAsync());
        Assert.Equal((2000, Machine), (record.Count, record.ClientId));
        Assert.True(record.FirstAt <= record.LastAt);
    }

    [Theory, OnEachDatabase]
    public async Task A_repeat_is_shown_the_same_reference_and_a_later_one_another(TestDatabase database)
    {
        await using var host = await DecisionRecords.StartAsync(database);
        using var browser = host.NewBrowser();
        var url = host.RelyingParty(Shop).NewRequest(change: parameters => parameters["redirect_uri"] += "x").Url;

        var first = (await browser.OpenAsync(url)).TextOf("error-reference");
        var again = (await browser.OpenAsync(url)).TextOf("error-reference");
        host.Clock.Advance(DecisionBuffer.Window);
        var later = (await browser.OpenAsync(url)).TextOf("error-reference");

        Assert.Equal(first, again);
        Assert.NotEqual(first, later);
        Assert.Equal([(first, 2), (later, 1)], (await host.RefusalsAsync()).Select(row => (DecisionReference.Show(row.Reference), row.Count)));
    }

    [Theory, OnEachDatabase]
    public async Task A_flood_of_ever_new_refusals_is_counted_where_it_is_not_told(TestDatabase database)
    {
        await using var host = await DecisionRecords.StartAsync(database);

        await Parallel.ForEachAsync(Enumerable.Range(0, 500), new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, _) => await host.RefusedTokenAsync(new() { ["grant_type"] = "client_credentials", ["client_id"] = $"client-{i}", ["client_secret"] = "x" }));

        var records = await host.RefusalsAsync();
        var rest = Assert.Single(records, record => record.RemoteAddress is null);
        Assert.Equal(DecisionBuffer.NewPerMinuteAndAddress, records.Count - 1);
        Assert.Equal(500, records.Sum(record => record.Count));
        Assert.Equal(500 - DecisionBuffer.NewPerMinuteAndAddress, rest.Count);
        Assert.Equal(("client_id.unknown", (string?)null), (rest.Rule, rest.ClientId));

        // Somebody else is heard all the same, and after a minute so is the first.
        await host.RefusedTokenAsync(new(WrongSecret), "203.0.113.7");
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.RefusedTokenAsync(new(WrongSecret));
        Assert.Equal(["203.0.113.7", "127.0.0.1"], (await host.RefusalsAsync()).Where(row => row.Rule == "client.method").Select(row => row.RemoteAddress));
    }

    [Fact]
    public async Task Many_addresses_together_have_a_limit_too_and_a_network_of_IPv6_is_one_address()
    {
        await using var host = await DecisionRecords.StartAsync(TestDatabase.Sqlite);

        await Parallel.ForEachAsync(Enumerable.Range(0, 50), async (i, _) => await host.RefusedTokenAsync(new(WrongSecret), $"2001:db8:0:1::{i:x}"));
        Assert.Equal(DecisionBuffer.NewPerMinuteAndAddress, (await host.RefusalsAsync()).Count(row => row.RemoteAddress is not null));

        await Parallel.ForEachAsync(Enumerable.Range(0, 700), async (i, _) => await host.RefusedTokenAsync(new(WrongSecret), $"198.51.{i / 250}.{1 + (i % 250)}"));
        var records = await host.RefusalsAsync();
        Assert.Equal(DecisionBuffer.NewPerMinute, records.Count(row => row.RemoteAddress is not null));
        Assert.Equal(750, records.Sum(row => row.Count));
    }

    [Theory, OnEachDatabase]
    public async Task What_was_counted_outlives_a_restart(TestDatabase database)
    {
        await using var host = await DecisionRecords.StartAsync(database);
        for (var i = 0; i < 3; i++)
        {
            await host.RefusedTokenAsync(new(WrongSecret));
        }

        await host.RestartAsync();

        Assert.Equal(3, Assert.Single(await host.RefusalsAsync()).Count);
    }

    [Theory, OnEachDatabase]
    public async Task Two_nodes_count_in_rows_of_their_own(TestDatabase database)
    {
        await using var host = await DecisionRecords.StartAsync(database);
        await using var other = await host.StartSecondNodeAsync();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? host : other).RefusedTokenAsync(new(WrongSecret))));

        await other.RefusalsAsync();
        var records = await host.RefusalsAsync();
        Assert.Equal([20, 20], records.Select(record => record.Count));
        Assert.Equal(2, records.Select(record => record.Reference).Distinct().Count());
    }

    [Theory, OnEachDatabase]
    public async Task Records_and_events_go_when_their_time_is_up(TestDatabase database)
    {
        await using var host = await DecisionRecords.StartAsync(database, new() { ["IdentityProvider:Audit:DecisionRetention"] = "2.00:00:00", ["IdentityProvider:Audit:EventRetention"] = "5.00:00:00" });
        await host.RefusedTokenAsync(new(WrongSecret));
        host.Services.GetRequiredService<AuditLog>().Record(AuditEventType.SignOut, succeeded: true, clientId: "old");
        await FlushAsync();

        host.Clock.Advance(TimeSpan.FromDays(1.9));
        await PruneAsync();
        Assert.Single(await host.RefusalsAsync());

        host.Clock.Advance(TimeSpan.FromDays(0.2));
        await PruneAsync();
        Assert.Empty(await host.RefusalsAsync());
        Assert.Equal(1, await EventsAsync());

        host.Clock.Advance(TimeSpan.FromDays(3));
        host.Services.GetRequiredService<AuditLog>().Record(AuditEventType.SignOut, succeeded: true, clientId: "old");
        await FlushAsync();
        await PruneAsync();
        Assert.Equal(1, await EventsAsync());

        async Task FlushAsync()
        {
            await host.RefusalsAsync();
            await host.Services.GetRequiredService<AuditLog>().FlushAsync(CancellationToken.None);
        }

        async Task PruneAsync()
        {
            await using var scope = host.Services.CreateAsyncScope();
            await host.Services.GetServices<RecurringJob>().Single(job => job.Name == "audit.prune").RunAsync(scope.ServiceProvider, CancellationToken.None);
        }

        async Task<int> EventsAsync()
        {
            await using var scope = host.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<AuditEvent>().CountAsync(row => row.ClientId == "old");
        }
    }
}
