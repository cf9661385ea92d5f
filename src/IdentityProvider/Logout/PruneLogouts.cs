using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Logout;

/// <summary>Removes receipts of long ago.</summary>
internal sealed class PruneLogouts(TimeProvider clock) : RecurringJob
{
    private static readonly Statement prune = Pruning.Of("LogoutDeliveries", "Id", """ "ExpiresAt" < @now """, "@now");

    public override string Name => "logout.prune";

    public override TimeSpan Period { get; } = TimeSpan.FromHours(1);

    public override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        await services.GetRequiredService<Statements>().PruneAsync(prune, cancellationToken, now);
    }
}
