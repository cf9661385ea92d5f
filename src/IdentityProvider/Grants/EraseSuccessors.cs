using IdentityProvider.Data;
using IdentityProvider.Jobs;
using IdentityProvider.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Grants;

/// <summary>What leads to a successor is kept only for as long as a retry may ask for it.</summary>
internal sealed class EraseSuccessors(TimeProvider clock) : RecurringJob
{
    public override string Name => "grants.erase-successors";

    public override TimeSpan Period { get; } = TimeSpan.FromSeconds(30);

    public override Task<bool> IsDueAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<AppDbContext>().AnyAsync(
            $"""SELECT 1 FROM "Tokens" WHERE "Successor" IS NOT NULL AND "RedemptionDate" < {Before} LIMIT 1""", cancellationToken);

    public override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var before = Before;
        await services.GetRequiredService<AppDbContext>().Set<Token>()
            .Where(token => token.Successor != null && token.RedemptionDate < before)
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.Successor, (string?)null), cancellationToken);
    }

    private DateTime Before => clock.GetUtcNow().UtcDateTime - TokenOptions.RefreshTokenRetryLeeway;
}
