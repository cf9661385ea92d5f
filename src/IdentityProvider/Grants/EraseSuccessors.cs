using IdentityProvider.Data;
using IdentityProvider.Jobs;
using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Grants;

/// <summary>What leads to a successor is kept only for as long as a retry may ask for it.</summary>
internal sealed class EraseSuccessors(TimeProvider clock) : RecurringJob
{
    private static readonly Statement due = new(
        """SELECT 1 FROM "Tokens" WHERE "Successor" IS NOT NULL AND "RedemptionDate" < @before LIMIT 1""", "@before");

    private static readonly OutdatedRows successors = new("Tokens", key: "Id", time: "RedemptionDate", erased: "Successor", urgent: true);

    public override string Name => "grants.erase-successors";

    public override TimeSpan Period { get; } = TimeSpan.FromSeconds(30);

    public override async Task<bool> IsDueAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        await services.GetRequiredService<Statements>().AnyAsync(due, cancellationToken, Before);

    public override Task RunAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<Pruning>().PruneAsync(successors, Before, cancellationToken);

    private DateTime Before => clock.GetUtcNow().UtcDateTime - TokenOptions.RefreshTokenRetryLeeway;
}
