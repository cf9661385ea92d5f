using IdentityProvider.Data;
using IdentityProvider.Jobs;
using IdentityProvider.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Grants;

/// <summary>A successor is kept, wrapped, only for as long as a retry may ask for it.</summary>
internal sealed class EraseSuccessors(TimeProvider clock) : RecurringJob
{
    public override string Name => "grants.erase-successors";

    public override TimeSpan Period { get; } = TimeSpan.FromSeconds(30);

    public override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow().UtcDateTime - TokenOptions.RefreshTokenRetryLeeway;
        await services.GetRequiredService<AppDbContext>().Set<Token>()
            .Where(token => token.Successor != null && token.RedemptionDate < before)
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.Successor, (string?)null), cancellationToken);
    }
}
