using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.ClientAuthentication;

/// <summary>Removes proofs that would be refused for their age.</summary>
internal sealed class PruneUsedProofs(TimeProvider clock) : RecurringJob
{
    private static readonly Statement prune = Pruning.Of("UsedProofs", "Hash", """ "ExpiresAt" < @expired """, "@expired");

    // The clocks of two nodes may differ a little: none may take for new what another one forgot.
    private static readonly TimeSpan afterExpiry = TimeSpan.FromMinutes(5);

    public override string Name => "client-authentication.prune-used-proofs";

    public override TimeSpan Period { get; } = TimeSpan.FromHours(1);

    public override Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var expired = clock.GetUtcNow().UtcDateTime - afterExpiry;
        return services.GetRequiredService<Statements>().PruneAsync(prune, cancellationToken, expired);
    }
}
