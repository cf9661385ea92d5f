using System.Data.Common;
using System.Text.Json;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Sessions;

namespace IdentityProvider.Logout;

/// <summary>Takes a delivery for one attempt and writes down what came of it. Each step is one conditional update whose row count decides.</summary>
internal sealed class LogoutDeliveries(Statements statements, AuditLog audit, TimeProvider clock)
{
    private static readonly Statement due = new(
        """
        SELECT d."Id" FROM "LogoutDeliveries" AS d WHERE d."ClientId" = @client AND d."DueAt" IS NOT NULL AND d."DueAt" <= @now
        ORDER BY d."DueAt" LIMIT 1
        """,
        "@client", "@now");

    private static readonly Statement take = new(
        """UPDATE "LogoutDeliveries" SET "DueAt" = @until, "Holder" = @holder WHERE "Id" = @id AND "DueAt" IS NOT NULL AND "DueAt" <= @now""",
        "@until", "@holder", "@id", "@now");

    private static readonly Statement read = new(
        """
        SELECT d."Id", d."LogoutId", d."SessionId", d."Reason", d."ClientId", d."ClientName", d."Uri", d."Subject", d."ClientSubject", d."CreatedAt",
            d."State", d."DueAt", d."Holder", d."Attempts", d."ExpiresAt"
        FROM "LogoutDeliveries" AS d WHERE d."Id" = @id AND d."Holder" = @holder
        """,
        "@id", "@holder");

    private static readonly Statement record = new(
        """
        UPDATE "LogoutDeliveries" SET "State" = @state, "DueAt" = @due, "ClosedAt" = @closed, "Uri" = @uri, "Attempts" = @attempts, "Holder" = NULL
        WHERE "Id" = @id AND "Holder" = @holder
        """,
        "@state", "@due", "@closed", "@uri", "@attempts", "@id", "@holder");

    private static readonly Statement release = new(
        """UPDATE "LogoutDeliveries" SET "DueAt" = @now, "Holder" = NULL WHERE "Id" = @id AND "Holder" = @holder""",
        "@now", "@id", "@holder");

    // Longer than an attempt may take, and than clocks of two nodes differ.
    private static readonly TimeSpan attemptTime = TimeSpan.FromMinutes(2);

    /// <summary>The delivery that has waited longest for this client, taken; null when none is due.</summary>
    public async Task<LogoutDelivery?> TakeNextAsync(string clientId, CancellationToken cancellationToken)
    {
        while (await statements.ReadAllAsync(due, static row => row.GetGuid(0), cancellationToken, clientId, Now) is [var id])
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
        var (holder, now) = (Guid.CreateVersion7(), Now);
        return await statements.ExecuteAsync(take, cancellationToken, now + attemptTime, holder, id, now) == 1
            ? await statements.ReadAsync(read, Read, cancellationToken, id, holder)
            : null;
    }

    /// <summary>Writes down an attempt. One that took so long that somebody else tries by now no longer counts.</summary>
    public async Task RecordAsync(LogoutDelivery taken, string uri, LogoutAttempt attempt)
    {
        List<LogoutAttempt> attempts = [.. taken.ReadAttempts(), attempt];
        var state = attempt.Outcome == LogoutOutcome.Delivered ? LogoutDeliveryState.Delivered : LogoutDeliveryState.GivenUp;
        var (now, next, closed) = (Now, (DateTime?)null, (DateTime?)null);
        if (LogoutRetries.PauseAfter(attempt.Outcome, attempts.Count) is { } pause)
        {
            (state, next) = (LogoutDeliveryState.Waiting, now + pause);
        }
        else
        {
            closed = now;
        }

        // What happened is written down even when the program is about to stop.
        var json = JsonSerializer.Serialize(attempts);
        var counts = await statements.ExecuteAsync(record, CancellationToken.None, state.ToString(), next, closed, uri, json, taken.Id, taken.Holder) == 1;
        if (counts && state != LogoutDeliveryState.Waiting)
        {
            audit.Record(
                state == LogoutDeliveryState.Delivered ? AuditEventType.LogoutDelivered : AuditEventType.LogoutUndelivered,
                state == LogoutDeliveryState.Delivered, taken.Subject, taken.ClientId, taken.SessionId,
                attempts.Count == 1 ? $"{attempt.Outcome} at once." : $"{attempt.Outcome} after {attempts.Count} attempts.");
        }
    }

    /// <summary>Gives a delivery back that was taken and not attempted to the end.</summary>
    public Task ReleaseAsync(LogoutDelivery taken) => statements.ExecuteAsync(release, CancellationToken.None, Now, taken.Id, taken.Holder);

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private static LogoutDelivery Read(DbDataReader row) => new()
    {
        Id = row.GetGuid(0),
        LogoutId = row.GetGuid(1),
        SessionId = row.GetString(2),
        Reason = Enum.Parse<SessionEndReason>(row.GetString(3)),
        ClientId = row.GetString(4),
        ClientName = row.GetString(5),
        Uri = row.GetString(6),
        Subject = row.GetString(7),
        ClientSubject = row.GetString(8),
        CreatedAt = row.Time(9),
        State = Enum.Parse<LogoutDeliveryState>(row.GetString(10)),
        DueAt = row.Utc(11),
        Holder = row.Guid(12),
        Attempts = row.GetString(13),
        ExpiresAt = row.Time(14),
    };
}
