using IdentityProvider.Data;
using IdentityProvider.Jobs;

namespace IdentityProvider.Authorize;

/// <summary>Removes requests that nobody answered in time.</summary>
internal sealed class PrunePendingRequests : PruningJob
{
    private static readonly OutdatedRows requests = new("PendingRequests", key: "Id", time: "ExpiresAt");

    public override string Name => "authorize.prune-pending-requests";

    protected override IEnumerable<Outdated> OutdatedAt(DateTime now) => [new(requests, now)];
}
