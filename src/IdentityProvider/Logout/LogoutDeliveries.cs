using System.Text.Json;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Logout;

/// <summary>Takes a delivery for one attempt and writes down what came of it. Each step is one conditional update whose row count decides.</summary>
internal sealed class LogoutDeliveries(AppDbContext db, AuditLog audit, TimeProvider clock)
{
    // Longer than an attempt may take, and than clocks of two nodes differ.
    private static readonly TimeSpan attemptTime = TimeSpan.FromMinutes(2);

    /// <summary>The delivery that has waited longest for this client, taken; null when none is due.</summary>
    public async Task<LogoutDelivery?> TakeNextAsync(string clientId, CancellationToken cancellationToken)
    {
        while (await Due().Where(delivery => delivery.ClientId == clientId).OrderBy(delivery => delivery.DueAt)
            .Select(delivery => (Guid?)delivery.Id).FirstOrDefaultAsync(cancellationToken) is { } id)
        {
            if (await TakeAsync(id, cancellationToken) is { } taken)
            {
                return taken;
            }
        }

        return null;
    }

    /// <summary>One delivery, taken; null when somebody else has it, or it is not due or over.</summary>
    public async Task<LogoutDelivery?> TakeAsync(Guid id, CancellationToken cancellationToken)
    {
        Guid? holder = Guid.CreateVersion7();
        DateTime? until = Now + attemptTime;
        return await Due().Where(delivery => delivery.Id == id)
            .ExecuteUpdateAsync(set => set
                .SetProperty(delivery => delivery.DueAt, until)
                .SetProperty(delivery => delivery.Holder, holder), cancellationToken) == 1
            ? await db.Set<LogoutDelivery>().AsNoTracking().SingleOrDefaultAsync(delivery => delivery.Id == id && delivery.Holder == holder, cancellationToken)
            : null;
    }

    /// <summary>Writes down an attempt. One that took so long that somebody else tries by now no longer counts.</summary>
    public async Task RecordAsync(LogoutDelivery taken, string uri, LogoutAttempt attempt)
    {
        List<LogoutAttempt> attempts = [.. taken.ReadAttempts(), attempt];
        var state = attempt.Outcome == LogoutOutcome.Delivered ? LogoutDeliveryState.Delivered : LogoutDeliveryState.GivenUp;
        var (now, due, closed) = (Now, (DateTime?)null, (DateTime?)null);
        if (LogoutRetries.PauseAfter(attempt.Outcome, attempts.Count) is { } pause)
        {
            (state, due) = (LogoutDeliveryState.Waiting, now + pause);
        }
        else
        {
            closed = now;
        }

        // What happened is written down even when the program is about to stop.
        var json = JsonSerializer.Serialize(attempts);
        var counts = await HeldBy(taken).ExecuteUpdateAsync(
            set => set
                .SetProperty(delivery => delivery.State, state)
                .SetProperty(delivery => delivery.DueAt, due)
                .SetProperty(delivery => delivery.ClosedAt, closed)
                .SetProperty(delivery => delivery.Uri, uri)
                .SetProperty(delivery => delivery.Attempts, json)
                .SetProperty(delivery => delivery.Holder, (Guid?)null), CancellationToken.None) == 1;
        if (counts && state != LogoutDeliveryState.Waiting)
        {
            audit.Record(
                state == LogoutDeliveryState.Delivered ? AuditEventType.LogoutDelivered : AuditEventType.LogoutUndelivered,
                state == LogoutDeliveryState.Delivered, taken.Subject, taken.ClientId, taken.SessionId,
                attempts.Count == 1 ? $"{attempt.Outcome} at once." : $"{attempt.Outcome} after {attempts.Count} attempts.");
        }
    }

    /// <summary>Gives a delivery back that was taken and not attempted to the end.</summary>
    public Task ReleaseAsync(LogoutDelivery taken)
    {
        DateTime? now = Now;
        return HeldBy(taken).ExecuteUpdateAsync(
            set => set
                .SetProperty(delivery => delivery.DueAt, now)
                .SetProperty(delivery => delivery.Holder, (Guid?)null), CancellationToken.None);
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private IQueryable<LogoutDelivery> Due()
    {
        var now = Now;
        return db.Set<LogoutDelivery>().Where(delivery => delivery.DueAt != null && delivery.DueAt <= now);
    }

    private IQueryable<LogoutDelivery> HeldBy(LogoutDelivery taken) =>
        db.Set<LogoutDelivery>().Where(delivery => delivery.Id == taken.Id && delivery.Holder == taken.Holder);
}
