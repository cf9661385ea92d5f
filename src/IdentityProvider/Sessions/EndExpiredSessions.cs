using IdentityProvider.Data;
using IdentityProvider.Jobs;
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

    public override async Task<bool> IsDueAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<AppDbContext>();
        foreach (var over in Over(most: 1))
        {
            if (await db.AnyAsync(over, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    public override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        foreach (var over in Over(Batch))
        {
            await EndAsync(services, over, cancellationToken);
        }
    }

    // Each has an index of its own.
    private IEnumerable<FormattableString> Over(int most)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        yield return $"""SELECT "Id" FROM "Sessions" WHERE "EndedAt" IS NULL AND "ExpiresAt" <= {now} ORDER BY "ExpiresAt" LIMIT {most}""";
        foreach (var persistent in new[] { false, true })
        {
            var since = now - life.Idle(persistent);
            yield return
                $"""
                SELECT "Id" FROM "Sessions"
                WHERE "EndedAt" IS NULL AND "SupersededAt" IS NULL AND "Persistent" = {persistent} AND "LastSeenAt" <= {since} AND "CreatedAt" <= {since}
                ORDER BY "LastSeenAt" LIMIT {most}
                """;
        }
    }

    // Each session is a transaction, and each batch has a context of its own: nothing grows with the number of sessions.
    private static async Task EndAsync(IServiceProvider services, FormattableString over, CancellationToken cancellationToken)
    {
        List<string> sids;
        do
        {
            await using var scope = services.CreateAsyncScope();
            sids = await scope.ServiceProvider.GetRequiredService<AppDbContext>().ReadAsync(over, row => row.GetString(0), cancellationToken);
            var sessions = scope.ServiceProvider.GetRequiredService<SessionRegistry>();
            foreach (var sid in sids)
            {
                await sessions.EndAsync(sid, SessionEndReason.Expired, cancellationToken);
            }
        }
        while (sids.Count == Batch);
    }
}
