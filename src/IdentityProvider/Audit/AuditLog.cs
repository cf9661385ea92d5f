using IdentityProvider.Data;

namespace IdentityProvider.Audit;

/// <summary>The one place security events go.</summary>
/// <remarks>
/// <see cref="Record"/> queues: for issuance and refusals, which are many and must not cost the request a write.
/// <see cref="Add"/> joins the caller's own save: for account and administrative changes, which must not be lost.
/// </remarks>
internal sealed class AuditLog
{
    /// <summary>Queues the event; it is written in a batch soon after.</summary>
    public void Record(AuditEventType type, bool succeeded, string? subject = null, string? clientId = null,
        string? sessionId = null, string? reason = null) => throw new NotSupportedException();

    /// <summary>Adds the event to what <paramref name="db"/> saves next.</summary>
    public void Add(AppDbContext db, AuditEventType type, bool succeeded, string? subject = null, string? clientId = null,
        string? sessionId = null, string? reason = null) => throw new NotSupportedException();
}
