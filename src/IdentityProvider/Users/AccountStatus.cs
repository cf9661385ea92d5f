using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace IdentityProvider.Users;

/// <summary>Disables accounts and enables them again.</summary>
internal sealed class AccountStatus(AppDbContext db, SessionRegistry sessions, AuditLog audit, TimeProvider clock)
{
    /// <summary>Ends every session of the person and lets no new one begin.</summary>
    /// <returns>Whether the account exists and was enabled until now.</returns>
    public async Task<bool> DisableAsync(string subject, CancellationToken cancellationToken)
    {
        await using var own = await BeginAsync(cancellationToken);
        var now = clock.GetUtcNow().UtcDateTime;
        var stamp = Guid.CreateVersion7().ToString("N");
        var disabled = await db.Users.Where(user => user.Subject == subject && user.DisabledAt == null)
            .ExecuteUpdateAsync(set => set
                .SetProperty(user => user.DisabledAt, now)
                .SetProperty(user => user.SecurityStamp, stamp), cancellationToken);
        if (disabled == 0)
        {
            return false;
        }

        var id = await db.Users.Where(user => user.Subject == subject).Select(user => user.Id).SingleAsync(cancellationToken);
        // Who had a link must not have the account when it is enabled again.
        await db.Set<PasswordReset>().Where(reset => reset.UserId == id).ExecuteDeleteAsync(cancellationToken);
        await sessions.EndAllAsync(id, SessionEndReason.UserDisabled, cancellationToken);
        await RecordAsync(subject, "Disabled.", cancellationToken);
        await CommitAsync(own, cancellationToken);
        return true;
    }

    /// <returns>Whether the account exists and was disabled until now.</returns>
    public async Task<bool> EnableAsync(string subject, CancellationToken cancellationToken)
    {
        await using var own = await BeginAsync(cancellationToken);
        var enabled = await db.Users.Where(user => user.Subject == subject && user.DisabledAt != null)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.DisabledAt, (DateTime?)null), cancellationToken);
        if (enabled == 0)
        {
            return false;
        }

        await RecordAsync(subject, "Enabled.", cancellationToken);
        await CommitAsync(own, cancellationToken);
        return true;
    }

    // A caller that already holds a transaction keeps it.
    private async Task<IDbContextTransaction?> BeginAsync(CancellationToken cancellationToken) =>
        db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;

    private static Task CommitAsync(IDbContextTransaction? own, CancellationToken cancellationToken) =>
        own is null ? Task.CompletedTask : own.CommitAsync(cancellationToken);

    private async Task RecordAsync(string subject, string reason, CancellationToken cancellationToken)
    {
        audit.Add(db, AuditEventType.UserChanged, succeeded: true, subject, reason: reason);
        await db.SaveChangesAsync(cancellationToken);
    }
}
