using IdentityProvider.Data;
using IdentityProvider.Jobs;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>Removes requests a while after they expired, when no device can still be asking, and counts of wrong codes that no longer count.</summary>
internal sealed class PruneDeviceRequests : PruningJob
{
    // A device that was switched off meanwhile is still told expired_token rather than that its code is unknown,
    // and a device code presented again is still noticed.
    private static readonly TimeSpan afterExpiry = TimeSpan.FromHours(24);

    private static readonly OutdatedRows requests = new("DeviceRequests", key: "Id", time: "ExpiresAt");
    private static readonly OutdatedRows guesses = new("UserCodeGuesses", key: "Who", time: "EndsAt");

    public override string Name => "device-authorization.prune";

    protected override IEnumerable<Outdated> OutdatedAt(DateTime now) => [new(requests, now - afterExpiry), new(guesses, now)];
}
