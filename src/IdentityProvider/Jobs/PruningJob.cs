using IdentityProvider.Data;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Jobs;

/// <summary>
/// Removes every hour what nobody needs any more. It may run for long, because it takes only what others leave (<see cref="Pruning"/>);
/// its lease is prolonged meanwhile, and a server that stops ends it between two batches. What is left is found by the next run.
/// </summary>
internal abstract class PruningJob : RecurringJob
{
    public sealed override TimeSpan Period { get; } = TimeSpan.FromHours(1);

    public sealed override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var pruning = services.GetRequiredService<Pruning>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        foreach (var (rows, before, values) in OutdatedAt(now))
        {
            await pruning.PruneAsync(rows, before, cancellationToken, values);
        }
    }

    /// <summary>What goes, one after the other.</summary>
    protected abstract IEnumerable<Outdated> OutdatedAt(DateTime now);
}

/// <summary>The rows of one table whose moment lies before another.</summary>
/// <param name="Values">Those of the condition that the rows have.</param>
internal sealed record Outdated(OutdatedRows Rows, DateTime Before, params object[] Values);
