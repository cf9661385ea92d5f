using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Jobs;

namespace IdentityProvider.Declarations;

/// <summary>What follows when a file has been applied: a record in the same transaction, and this node's caches at once.</summary>
internal sealed class DeclarationAftermath(AppDbContext db, AuditLog audit, ChangeWatch watch)
{
    public async Task RecordAsync(DeclarationOutcome.Applied applied, CancellationToken cancellationToken)
    {
        if (applied is { Created: 0, Changed: 0, Removed: 0 })
        {
            // Every start applies the file; only what changed something is an event.
            return;
        }

        audit.Add(db, AuditEventType.DeclarationsApplied, succeeded: true, reason: $"{applied}.");
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Other nodes notice within about a second by themselves.</summary>
    public Task TellAsync(CancellationToken cancellationToken) => watch.LookAsync(cancellationToken);
}
