using IdentityProvider.Data;
using IdentityProvider.Jobs;

namespace IdentityProvider.Logout;

/// <summary>Removes receipts of long ago.</summary>
internal sealed class PruneLogouts : PruningJob
{
    private static readonly OutdatedRows deliveries = new("LogoutDeliveries", key: "Id", time: "ExpiresAt");

    public override string Name => "logout.prune";

    protected override IEnumerable<Outdated> OutdatedAt(DateTime now) => [new(deliveries, now)];
}
