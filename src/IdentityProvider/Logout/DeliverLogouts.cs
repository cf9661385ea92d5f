using IdentityProvider.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Logout;

/// <summary>
/// Looks for what is still to be told to clients: sessions that ended without a browser that waits, attempts that failed,
/// and what a node that died left behind. On every node, because each delivery is taken by one of them.
/// </summary>
internal sealed class DeliverLogouts : RecurringJob
{
    public override string Name => "logout.deliver";

    public override TimeSpan Period => TimeSpan.FromSeconds(1);

    public override bool OneNodeAtATime => false;

    public override Task RunAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<LogoutDelivering>().SendDueAsync(cancellationToken);
}
