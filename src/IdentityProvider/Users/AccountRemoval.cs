using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>Takes an account away, with everything that hangs on it.</summary>
internal sealed class AccountRemoval(AppDbContext db, SessionRegistry sessions, AuditLog audit)
{
    /// <summary>Removes the account, in the caller's transaction.</summary>
    /// <returns>False when there is no such account.</returns>
    public async Task<bool> RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await db.Users.SingleOrDefaultAsync(user => user.Id == id, cancellationToken) is not { } user)
        {
            return false;
        }

        // Ended and not merely deleted: whoever waits for the end of a session hears of it.
        await sessions.EndAllAsync(id, SessionEndReason.EndedByAdministrator, cancellationToken);
        // Grants with offline access outlive their session, but not their person.
        var grants = db.Set<Grant>().Where(grant => grant.Subject == user.Subject);
        await db.Set<Token>().Where(token => grants.Select(grant => (Guid?)grant.Id).Contains(token.AuthorizationId)).ExecuteDeleteAsync(cancellationToken);
        await grants.ExecuteDeleteAsync(cancellationToken);
        db.Remove(user);
        audit.Add(db, AuditEventType.UserChanged, succeeded: true, user.Subject, reason: "The account was removed.");
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }
}
