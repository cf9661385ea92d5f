using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Jobs;
using IdentityProvider.Keys;

namespace IdentityProvider.Declarations;

/// <summary>What follows when a file has been applied: a record in the same transaction, then the keys it needs, and this node's caches at once.</summary>
internal sealed class DeclarationAftermath(
    AppDbContext db, AuditLog audit, RegisteredAlgorithms algorithms, KeyRotation keys, ChangeWatch watch)
{
    public async Task RecordAsync(DeclarationOutcome.Applied applied, CancellationToken cancellationToken)
    {
        if (applied is { Created: 0, Changed: 0, Removed: 0 })
        {
            // A file may be applied that changes nothing, as by a start in doubt; only what changed something is an event.
            return;
        }

        audit.Add(db, AuditEventType.DeclarationsApplied, succeeded: true, reason: $"{applied}.");
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>
    /// Other nodes notice within about a second by themselves. Not within a transaction: wrapping a key may write over another connection.
    /// </summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        await keys.EnsureAsync(await algorithms.ReadAsync(cancellationToken), cancellationToken);
        await watch.LookAsync(cancellationToken);
    }
}
