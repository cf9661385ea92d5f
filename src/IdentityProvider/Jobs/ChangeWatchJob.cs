using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Jobs;

/// <summary>Looks for other nodes' changes every second, on every node.</summary>
internal sealed class ChangeWatchJob : RecurringJob
{
    public override string Name => "change-watch";

    public override TimeSpan Period => TimeSpan.FromSeconds(1);

    public override bool OneNodeAtATime => false;

    public override Task RunAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<ChangeWatch>().LookAsync(cancellationToken);
}
