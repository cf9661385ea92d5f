using IdentityProvider.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Jobs;

/// <summary>
/// Removes every hour what nobody needs any more. It may run for long, because it takes only what others leave (<see cref="Pruning"/>);
/// its lease is prolonged meanwhile, and a server that stops ends it between two batches. What is left is found by the next run.
/// </summary>
internal abstract partial class PruningJob : RecurringJob
{
    public sealed override TimeSpan Period { get; } = TimeSpan.FromHours(1);

    public sealed override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var pruning = services.GetRequiredService<Pruning>();
        var logger = services.GetRequiredService<ILogger<PruningJob>>();
        var clock = services.GetRequiredService<TimeProvider>();
        var began = clock.GetTimestamp();
        var removed = 0;
        foreach (var (rows, before, values) in OutdatedAt(clock.GetUtcNow().UtcDateTime))
        {
            removed += await pruning.PruneAsync(rows, before, cancellationToken, values);
        }

        var took = clock.GetElapsedTime(began);
        if (removed > 0)
        {
            Log.Removed(logger, Name, removed, (int)took.TotalSeconds);
        }

        if (took > Period)
        {
            Log.Behind(logger, Name, (int)took.TotalMinutes);
        }
    }

    /// <summary>What goes, one after the other.</summary>
    protected abstract IEnumerable<Outdated> OutdatedAt(DateTime now);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "The job {Job} removed {Rows} rows in {Seconds} s.")]
        public static partial void Removed(ILogger logger, string job, int rows, int seconds);

        [LoggerMessage(EventId = 2, Level = LogLevel.Warning,
            Message = "The job {Job} does not keep up: a run took {Minutes} minutes, longer than its period. The tables grow, or this machine is too slow for what it is asked.")]
        public static partial void Behind(ILogger logger, string job, int minutes);
    }
}

/// <summary>The rows of one table whose moment lies before another.</summary>
/// <param name="Values">Those of the condition that the rows have.</param>
internal sealed record Outdated(OutdatedRows Rows, DateTime Before, params object[] Values);
