using System.Diagnostics;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Audit;

/// <summary>The one place security events go.</summary>
/// <remarks>
/// <see cref="Record"/> queues: for issuance and refusals, which are many and must not cost the request a write.
/// <see cref="Add"/> and <see cref="AddAsync"/> join the caller's own write: for account and administrative changes, which must not be lost.
/// </remarks>
internal sealed class AuditLog(AuditQueue queue, IHttpContextAccessor http, TimeProvider clock)
{
    /// <summary>Queues the event; it is written in a batch soon after.</summary>
    public void Record(AuditEventType type, bool succeeded, string? subject = null, string? clientId = null,
        string? sessionId = null, string? reason = null) =>
        queue.Enqueue(Make(type, succeeded, subject, clientId, sessionId, reason));

    /// <summary>Adds the event to what <paramref name="db"/> saves next.</summary>
    public void Add(AppDbContext db, AuditEventType type, bool succeeded, string? subject = null, string? clientId = null,
        string? sessionId = null, string? reason = null) =>
        db.Add(Make(type, succeeded, subject, clientId, sessionId, reason));

    /// <summary>Writes the event in the transaction of <paramref name="writer"/>.</summary>
    public ValueTask<int> AddAsync(StatementWriter writer, AuditEventType type, bool succeeded, string? subject = null, string? clientId = null,
        string? sessionId = null, string? reason = null) =>
        AuditRows.AddAsync(writer, Make(type, succeeded, subject, clientId, sessionId, reason));

    /// <summary>Waits until everything recorded before this call is written.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => queue.FlushAsync(cancellationToken);

    private AuditEvent Make(AuditEventType type, bool succeeded, string? subject, string? clientId, string? sessionId, string? reason) =>
        Make(AuditActor.Of(http.HttpContext), type, succeeded, subject, clientId, sessionId, reason);

    private AuditEvent Make(
        AuditActor? actor, AuditEventType type, bool succeeded, string? subject, string? clientId, string? sessionId, string? reason) => new()
    {
        Id = Guid.CreateVersion7(),
        At = clock.GetUtcNow().UtcDateTime,
        Type = type,
        Succeeded = succeeded,
        Subject = AuditText.Fit(subject, AuditText.Subject),
        ClientId = AuditText.Fit(clientId, AuditText.ClientId),
        ActorSubject = AuditText.Fit(actor?.Subject, AuditText.Subject),
        ActorClientId = AuditText.Fit(actor?.ClientId, AuditText.ClientId),
        SessionId = AuditText.Fit(sessionId, AuditText.SessionId),
        RemoteAddress = AuditText.Fit(http.HttpContext?.Connection.RemoteIpAddress?.ToString(), AuditText.RemoteAddress),
        Reason = AuditText.Fit(reason, AuditText.Reason),
        TraceId = Activity.Current?.TraceId.ToString(),
    };
}
