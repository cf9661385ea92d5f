using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Audit;

/// <summary>Removes records that were kept for as long as the settings say.</summary>
internal sealed class PruneAudit(IOptions<AuditOptions> options, TimeProvider clock) : RecurringJob
{
    public override string Name => "audit.prune";

    public override TimeSpan Period { get; } = TimeSpan.FromHours(1);

    public override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<AppDbContext>();
        var now = clock.GetUtcNow().UtcDateTime;
        var oldest = now - options.Value.EventRetention;
        await db.PruneAsync<DecisionRecord>($""" "ExpiresAt" < {now} """, cancellationToken);
        await db.PruneAsync<AuditEvent>($""" "At" < {oldest} """, cancellationToken);
    }
}
