using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>Removes requests a while after they expired, when no device can still be asking, and counts of wrong codes that no longer count.</summary>
internal sealed class PruneDeviceRequests(TimeProvider clock) : RecurringJob
{
    private static readonly Statement pruneRequests = Pruning.Of("DeviceRequests", "Id", """ "ExpiresAt" < @expired """, "@expired");
    private static readonly Statement pruneGuesses = Pruning.Of("UserCodeGuesses", "Who", """ "EndsAt" < @now """, "@now");

    // A device that was switched off meanwhile is still told expired_token rather than that its code is unknown,
    // and a device code presented again is still noticed.
    private static readonly TimeSpan afterExpiry = TimeSpan.FromHours(24);

    public override string Name => "device-authorization.prune";

    public override TimeSpan Period { get; } = TimeSpan.FromHours(1);

    public override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var statements = services.GetRequiredService<Statements>();
        var now = clock.GetUtcNow().UtcDateTime;
        var expired = now - afterExpiry;
        await statements.PruneAsync(pruneRequests, cancellationToken, expired);
        await statements.PruneAsync(pruneGuesses, cancellationToken, now);
    }
}
