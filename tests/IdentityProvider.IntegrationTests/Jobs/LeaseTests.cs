using IdentityProvider.Jobs;
using IdentityProvider.Testing;
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

    private static Task RunOnAsync(ProviderHost node, RecurringJob job) =>
        ActivatorUtilities.CreateInstance<JobRunner>(node.Services).RunAsync(job, CancellationToken.None);

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
}
