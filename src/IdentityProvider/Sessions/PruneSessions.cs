using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Sessions;

/// <summary>Removes sessions that ended a month ago. Until then an administrator can see them; a late grant of theirs is refused with or without the row.</summary>
internal sealed class PruneSessions(TimeProvider clock) : RecurringJob
{
    private static readonly Statement prune = Pruning.Of("Sessions", "Id", """ "EndedAt" < @ended """, "@ended");

    private static readonly TimeSpan afterEnd = TimeSpan.FromDays(30);

    public override string Name => "sessions.prune";

    public override TimeSpan Period { get; } = TimeSpan.FromHours(1);

    public override Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var ended = clock.GetUtcNow().UtcDateTime - afterEnd;
        return services.GetRequiredService<Statements>().PruneAsync(prune, cancellationToken, ended);
    }
}
