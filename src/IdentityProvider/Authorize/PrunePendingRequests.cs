using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Authorize;

/// <summary>Removes requests that nobody answered in time.</summary>
internal sealed class PrunePendingRequests(TimeProvider clock) : RecurringJob
{
    private static readonly Statement prune = Pruning.Of("PendingRequests", "Id", """ "ExpiresAt" < @now """, "@now");

    public override string Name => "authorize.prune-pending-requests";

    public override TimeSpan Period { get; } = TimeSpan.FromHours(1);

    public override Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return services.GetRequiredService<Statements>().PruneAsync(prune, cancellationToken, now);
    }
}
