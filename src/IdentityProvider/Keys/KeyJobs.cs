using IdentityProvider.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Keys;

/// <summary>Makes and deletes signing keys when they are due.</summary>
internal sealed class RotateKeys(KeyRing ring, IOptions<KeyOptions> options, TimeProvider clock) : RecurringJob
{
    public override string Name => "rotate-keys";

    public override TimeSpan Period => TimeSpan.FromHours(1);

    public override async Task<bool> IsDueAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        KeyLife.IsWorkDue(await ring.ReadStoredAsync(cancellationToken), options.Value, clock.GetUtcNow().UtcDateTime);

    public override Task RunAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<KeyRotation>().RotateDueAsync(cancellationToken);
}

/// <summary>Keeps this node's key ring up with the database and the clock.</summary>
internal sealed class RefreshKeyRing : RecurringJob
{
    public override string Name => "refresh-key-ring";

    public override TimeSpan Period => TimeSpan.FromSeconds(1);

    public override bool OneNodeAtATime => false;

    public override Task RunAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<KeyRing>().RefreshAsync(cancellationToken);
}
