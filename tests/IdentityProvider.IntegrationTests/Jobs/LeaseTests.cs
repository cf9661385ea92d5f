using IdentityProvider.Data;
using IdentityProvider.Jobs;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityProvider.IntegrationTests.Jobs;

public sealed class LeaseTests(SharedProviders providers)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [OnEachDatabase]
    public async Task Of_many_takers_at_once_one_gets_the_lease(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var leases = provider.Services.GetRequiredService<Leases>();
        var name = NewName();

        // Twice: the first time the row is made, the second time it is taken over.
        for (var round = 0; round < 2; round++)
        {
            var taken = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Task.Run(() => leases.TryTakeAsync(name, Minute, CancellationToken.None))));

            var held = Assert.Single(taken.OfType<HeldLease>());
            await held.DisposeAsync();
        }
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_lease_that_was_given_back_can_be_taken_at_once(TestDatabase database)
    {
        var leases = (await providers.OnAsync(database)).Services.GetRequiredService<Leases>();
        var name = NewName();

        await using (var first = await leases.TryTakeAsync(name, Minute, CancellationToken.None))
        {
            Assert.NotNull(first);
            Assert.Null(await leases.TryTakeAsync(name, Minute, CancellationToken.None));
        }

        await using var second = await leases.TryTakeAsync(name, Minute, CancellationToken.None);
        Assert.NotNull(second);
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_dead_holder_loses_the_lease_and_cannot_prolong_or_return_it_afterwards(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        var leases = provider.Services.GetRequiredService<Leases>();
        var dead = await leases.TryTakeAsync("work", Minute, CancellationToken.None);

        provider.Clock.Advance(Minute);
        await using var heir = await leases.TryTakeAsync("work", Minute, CancellationToken.None);

        Assert.NotNull(heir);
        Assert.False(await dead!.RenewAsync(Minute, CancellationToken.None));
        await dead.DisposeAsync();
        Assert.Null(await leases.TryTakeAsync("work", Minute, CancellationToken.None));
        Assert.True(await heir.RenewAsync(Minute, CancellationToken.None));
    }

    [Theory]
    [OnEachDatabase]
    public async Task Work_that_is_done_is_not_done_again_by_another_node_before_it_is_due(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        await using var second = await provider.StartSecondNodeAsync();
        var job = new CountingJob();

        await RunOnAsync(provider, job);
        await RunOnAsync(second, job);
        Assert.Equal(1, job.Runs);

        provider.Clock.Advance(job.Period);
        await Task.WhenAll(RunOnAsync(provider, job), RunOnAsync(second, job));
        Assert.Equal(2, job.Runs);
    }

    [Fact]
    public async Task A_run_that_failed_is_due_at_once()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Declaration = null });
        var job = new CountingJob { Fails = true };

        await Assert.ThrowsAsync<InvalidDataException>(() => RunOnAsync(provider, job));
        job.Fails = false;
        await RunOnAsync(provider, job);

        Assert.Equal(2, job.Runs);
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_run_keeps_its_lease_for_as_long_as_it_takes(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        var leases = provider.Services.GetRequiredService<Leases>();
        var job = new LongJob(async cancellationToken =>
        {
            var taken = await ExpiryAsync(provider);
            for (var passed = TimeSpan.Zero; passed < 3 * Minute; passed += Minute / 3)
            {
                await LeapAsync(provider, Minute / 3);
            }

            Assert.Null(await leases.TryTakeAsync("job:long", Minute, cancellationToken));
            Assert.True(await ExpiryAsync(provider) > taken + (2 * Minute));
        });

        await RunOnAsync(provider, job);
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_run_goes_on_when_its_lease_is_prolonged_at_the_second_attempt(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        var job = new LongJob(async cancellationToken =>
        {
            var taken = await ExpiryAsync(provider);
            await ExecuteAsync(provider, $"""ALTER TABLE "Leases" RENAME TO "Away" """);
            provider.Clock.Advance(Minute / 3);
            await RenewalFailedAsync(provider, taken);
            Assert.False(cancellationToken.IsCancellationRequested);

            await ExecuteAsync(provider, $"""ALTER TABLE "Away" RENAME TO "Leases" """);
            await LeapAsync(provider, Minute / 6);
            await LeapAsync(provider, Minute * 0.6);
            Assert.False(cancellationToken.IsCancellationRequested);
        });

        await RunOnAsync(provider, job);
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_run_ends_when_nobody_can_say_whose_its_lease_is(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        var job = new LongJob(async cancellationToken =>
        {
            var taken = await ExpiryAsync(provider);
            await ExecuteAsync(provider, $"""DROP TABLE "Leases" """);
            provider.Clock.Advance(Minute / 3);
            await RenewalFailedAsync(provider, taken);
            Assert.False(cancellationToken.IsCancellationRequested);

            provider.Clock.Advance(Minute * 2 / 3);
            await Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System, cancellationToken);
            Assert.Fail("It went on.");
        });

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => RunOnAsync(provider, job));
    }

    private static Task RunOnAsync(ProviderHost node, RecurringJob job) =>
        ActivatorUtilities.CreateInstance<JobRunner>(node.Services).RunAsync(job, CancellationToken.None);

    private static Task RenewalFailedAsync(ProviderHost node, DateTime expiry) => GoOnAsync(node, expiry, () =>
        Task.FromResult(node.Log.Entries.Any(entry => entry.Text.Contains("job long could not be prolonged", StringComparison.Ordinal))));

    private static async Task LeapAsync(ProviderHost node, TimeSpan leap)
    {
        var before = await ExpiryAsync(node);
        node.Clock.Advance(leap);
        await GoOnAsync(node, before, async () => await ExpiryAsync(node) > before);
    }

    // A leap comes too early where the runner has not begun to wait for its next look: time goes on a little meanwhile, never past the lease's end.
    private static Task GoOnAsync(ProviderHost node, DateTime expiry, Func<Task<bool>> happenedAsync) => Eventually.TrueAsync(async () =>
    {
        if (await happenedAsync())
        {
            return true;
        }

        if (node.Clock.GetUtcNow().UtcDateTime + (Minute / 60) < expiry)
        {
            node.Clock.Advance(Minute / 240);
        }

        return false;
    });

    private static async Task ExecuteAsync(ProviderHost node, FormattableString sql)
    {
        await using var scope = node.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.ExecuteSqlAsync(sql);
    }

    private static async Task<DateTime> ExpiryAsync(ProviderHost node)
    {
        await using var scope = node.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<Lease>()
            .Where(lease => lease.Name == "job:long").Select(lease => lease.ExpiresAt).SingleAsync();
    }

    private static string NewName() => "test-" + Guid.CreateVersion7();

    private sealed class CountingJob : RecurringJob
    {
        private int runs;

        public int Runs => runs;

        public bool Fails { get; set; }

        public override string Name => "counting";

        public override TimeSpan Period => TimeSpan.FromHours(1);

        public override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref runs);
            await Task.Yield();
            if (Fails)
            {
                throw new InvalidDataException();
            }
        }
    }

    private sealed class LongJob(Func<CancellationToken, Task> work) : RecurringJob
    {
        public override string Name => "long";

        public override TimeSpan Period => TimeSpan.FromHours(1);

        public override Task RunAsync(IServiceProvider services, CancellationToken cancellationToken) => work(cancellationToken);
    }
}
