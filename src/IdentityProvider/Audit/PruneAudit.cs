using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Audit;

/// <summary>Removes records that were kept for as long as the settings say.</summary>
internal sealed class PruneAudit(IOptions<AuditOptions> options, TimeProvider clock) : RecurringJob
{
    private static readonly Statement pruneDecisions = Pruning.Of("DecisionRecords", "Id", """ "ExpiresAt" < @now """, "@now");
    private static readonly Statement pruneEvents = Pruning.Of("AuditEvents", "Id", """ "At" < @oldest """, "@oldest");

    public override string Name => "audit.prune";

    public override TimeSpan Period { get; } = TimeSpan.FromHours(1);

    public override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var statements = services.GetRequiredService<Statements>();
        var now = clock.GetUtcNow().UtcDateTime;
        var oldest = now - options.Value.EventRetention;
        await statements.PruneAsync(pruneDecisions, cancellationToken, now);
        await statements.PruneAsync(pruneEvents, cancellationToken, oldest);
    }
}
