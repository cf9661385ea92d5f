using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Audit;

/// <summary>Removes records that were kept for as long as the settings say.</summary>
internal sealed class PruneAudit(IOptions<AuditOptions> options) : PruningJob
{
    private static readonly OutdatedRows decisions = new("DecisionRecords", key: "Id", time: "ExpiresAt");
    private static readonly OutdatedRows events = new("AuditEvents", key: "Id", time: "At");

    public override string Name => "audit.prune";

    protected override IEnumerable<Outdated> OutdatedAt(DateTime now) => [new(decisions, now), new(events, now - options.Value.EventRetention)];
}
