using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Jobs;

/// <summary>Runs every registered <see cref="RecurringJob"/> in a rhythm of its own.</summary>
internal sealed partial class JobRunner(
    IEnumerable<RecurringJob> jobs, Leases leases, IServiceScopeFactory scopes, TimeProvider clock, ILogger<JobRunner> logger) : BackgroundService
{
    private static readonly TimeSpan leaseDuration = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan renewEvery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan retryRenewalEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan longestJitter = TimeSpan.FromSeconds(30);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(jobs.Select(job => RepeatAsync(job, stoppingToken)));

    private async Task RepeatAsync(RecurringJob job, CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(job.Period, clock);
            await Task.Delay(Jitter(job), clock, stoppingToken);
            var failing = false;
            do
            {
                failing = !await TryRunAsync(job, failing, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program stops.
        }
    }

    // Nodes that start together must not all ask the database for the same work in the same moment.
    private static TimeSpan Jitter(RecurringJob job)
    {
        var bound = TimeSpan.FromTicks(Math.Min(job.Period.Ticks / 10, longestJitter.Ticks));
        return job.OneNodeAtATime ? bound * (RandomNumberGenerator.GetInt32(1000) / 1000.0) : TimeSpan.Zero;
    }

    /// <summary>Runs a job once, now, when it is due and nobody else is at it.</summary>
    internal async Task RunAsync(RecurringJob job, CancellationToken cancellationToken)
    {
        if (!job.OneNodeAtATime)
        {
            await RunInScopeAsync(job, cancellationToken);
            return;
        }

        if (!await IsDueInScopeAsync(job, cancellationToken))
        {
            return;
        }

        // It begins to run out before it is asked for: nobody else may believe it free earlier than this node does.
        using var runOut = new CancellationTokenSource(leaseDuration, clock);
        await using var lease = await leases.TryTakeAsync("job:" + job.Name, leaseDuration, cancellationToken);
        if (lease is null)
        {
            return;
        }

        // A little less than the period, because every node's timer has its own beat.
        var next = clock.GetUtcNow().UtcDateTime + job.Period * 0.9;
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, runOut.Token);
        var keeping = KeepAsync(lease, job, runOut, lost.Token);
        try
        {
            await RunInScopeAsync(job, lost.Token);
            lease.DoneUntil(next);
        }
        finally
        {
            await lost.CancelAsync();
            await keeping;
        }
    }

    private async Task<bool> TryRunAsync(RecurringJob job, bool wasFailing, CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(job, stoppingToken);
            if (wasFailing)
            {
                Log.Recovered(logger, job.Name);
            }

            return true;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // One of the three edges: a failed run must not end the job.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // An outage is told once when it begins and once when it ends, not at every beat.
            if (!wasFailing)
            {
                Log.Failed(logger, exception, job.Name);
            }

            return false;
        }
    }

    // While the database cannot be asked, the lease is still this node's until it has run out.
    private async Task KeepAsync(HeldLease lease, RecurringJob job, CancellationTokenSource runOut, CancellationToken over)
    {
        var failing = false;
        while (true)
        {
            try
            {
                // No PeriodicTimer: told to end, it looks up its own stack in the symbol files, and what reads those stays in memory.
                await Task.Delay(failing ? retryRenewalEvery : renewEvery, clock, over);
                var asked = clock.GetTimestamp();
                if (!await lease.RenewAsync(leaseDuration, over))
                {
                    await runOut.CancelAsync();
                    return;
                }

                var left = leaseDuration - clock.GetElapsedTime(asked);
                runOut.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
                failing = false;
            }
#pragma warning disable CA1031 // Whatever it was: the job goes on for as long as the lease is certain, and learns of no other's failure.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (over.IsCancellationRequested)
                {
                    // The job is done, or the lease is lost and the job told so.
                    return;
                }

                if (!failing)
                {
                    Log.RenewalFailed(logger, exception, job.Name);
                }

                failing = true;
            }
        }
    }

    private async Task RunInScopeAsync(RecurringJob job, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await job.RunAsync(scope.ServiceProvider, cancellationToken);
    }

    private async Task<bool> IsDueInScopeAsync(RecurringJob job, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await job.IsDueAsync(scope.ServiceProvider, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "The job {Job} failed; it goes on trying, silently until it succeeds.")]
        public static partial void Failed(ILogger logger, Exception exception, string job);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "The job {Job} succeeds again.")]
        public static partial void Recovered(ILogger logger, string job);

        [LoggerMessage(EventId = 3, Level = LogLevel.Warning,
            Message = "The lease of the job {Job} could not be prolonged; this is tried again until it runs out, which ends the run.")]
        public static partial void RenewalFailed(ILogger logger, Exception exception, string job);
    }
}
