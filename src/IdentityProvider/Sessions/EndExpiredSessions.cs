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
    // Each has an index of its own.
    private static readonly Statement pastAbsoluteEnd = new(
        """SELECT "Id" FROM "Sessions" WHERE "EndedAt" IS NULL AND "ExpiresAt" <= @now ORDER BY "ExpiresAt" LIMIT @most""", "@now", "@most");

    private static readonly Statement pastIdleEnd = new(
        """
        SELECT "Id" FROM "Sessions"
        WHERE "EndedAt" IS NULL AND "SupersededAt" IS NULL AND "Persistent" = @persistent AND "LastSeenAt" <= @since AND "CreatedAt" <= @since
        ORDER BY "LastSeenAt" LIMIT @most
        """,
        "@persistent", "@since", "@most");

    private const int Batch = 100;

    public override string Name => "sessions.expire";

    public override TimeSpan Period { get; } = TimeSpan.FromMinutes(1);

    public override async Task<bool> IsDueAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var statements = services.GetRequiredService<Statements>();
        foreach (var (over, values) in Over(most: 1))
        {
            if (await statements.AnyAsync(over, cancellationToken, values))
            {
                return true;
            }
        }

        return false;
    }

    public override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        foreach (var (over, values) in Over(Batch))
        {
            await EndAsync(services, over, values, cancellationToken);
        }
    }

    private IEnumerable<(Statement Statement, object[] Values)> Over(int most)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        yield return (pastAbsoluteEnd, [now, most]);
        foreach (var persistent in new[] { false, true })
        {
            yield return (pastIdleEnd, [persistent, now - life.Idle(persistent), most]);
        }
    }

    // Each session is a transaction, and each batch has a context of its own: nothing grows with the number of sessions.
    private static async Task EndAsync(IServiceProvider services, Statement over, object[] values, CancellationToken cancellationToken)
    {
        List<string> sids;
        do
        {
            await using var scope = services.CreateAsyncScope();
            sids = await services.GetRequiredService<Statements>().ReadAllAsync(over, static row => row.GetString(0), cancellationToken, values);
            var sessions = scope.ServiceProvider.GetRequiredService<SessionRegistry>();
            foreach (var sid in sids)
            {
                await sessions.EndAsync(sid, SessionEndReason.Expired, cancellationToken);
            }
        }
        while (sids.Count == Batch);
    }
}
