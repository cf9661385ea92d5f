using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Sessions;

/// <summary>
/// Ends sessions that are past their absolute or idle end, so that what hangs on the end of a session happens also when nobody comes back.
/// Their cookies have been dead since that moment (<see cref="SessionLife.IsOver"/>); this ends what was granted in them.
/// </summary>
internal sealed class EndExpiredSessions(SessionLife life, TimeProvider clock) : RecurringJob
{
    private const int Batch = 100;

    public override string Name => "sessions.expire";

    public override TimeSpan Period { get; } = TimeSpan.FromMinutes(1);

    public override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        await EndAsync(services, live => live.Where(session => session.ExpiresAt <= now).OrderBy(session => session.ExpiresAt), cancellationToken);
        foreach (var persistent in new[] { false, true })
        {
            var since = now - life.Idle(persistent);
            await EndAsync(
                services,
                live => live
                    .Where(session => session.SupersededAt == null && session.Persistent == persistent && session.LastSeenAt <= since && session.CreatedAt <= since)
                    .OrderBy(session => session.LastSeenAt),
                cancellationToken);
        }
    }

    // Each session is a transaction, and each batch has a context of its own: nothing grows with the number of sessions.
    private static async Task EndAsync(
        IServiceProvider services, Func<IQueryable<Session>, IQueryable<Session>> over, CancellationToken cancellationToken)
    {
        List<string> sids;
        do
        {
            await using var scope = services.CreateAsyncScope();
            var live = scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<Session>().Where(session => session.EndedAt == null);
            sids = await over(live).Select(session => session.Id).Take(Batch).ToListAsync(cancellationToken);
            var sessions = scope.ServiceProvider.GetRequiredService<SessionRegistry>();
            foreach (var sid in sids)
            {
                await sessions.EndAsync(sid, SessionEndReason.Expired, cancellationToken);
            }
        }
        while (sids.Count == Batch);
    }
}
