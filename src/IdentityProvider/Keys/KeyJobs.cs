using IdentityProvider.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Keys;

/// <summary>Makes and deletes signing keys when they are due.</summary>
internal sealed class RotateKeys : RecurringJob
{
    public override string Name => "rotate-keys";

    public override TimeSpan Period => TimeSpan.FromHours(1);

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
