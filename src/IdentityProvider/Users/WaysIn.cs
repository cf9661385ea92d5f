using IdentityProvider.Audit;
using IdentityProvider.Consents;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>
/// Every way into an account: its password, a link to one, accounts at other providers, sessions, and what apps were granted and
/// allowed in them. Whoever adds another proof of a person, a passkey or a second factor, adds it here: who knew the password could have enrolled it.
/// </summary>
internal sealed class WaysIn(AppDbContext db, PasswordChange passwords, AuditLog audit)
{
    /// <summary>Closes them all, in the caller's transaction.</summary>
    /// <param name="preparedBy">Whoever opens the account anew: see <see cref="User.PreparedBy"/>.</param>
    public async Task CloseAsync(User user, Guid? preparedBy, CancellationToken cancellationToken)
    {
        await passwords.SetAsync(user.Subject, hash: null, cancellationToken);
        if (await db.UserLogins.Where(login => login.UserId == user.Id).ExecuteDeleteAsync(cancellationToken) > 0)
        {
            audit.Add(db, AuditEventType.UserChanged, succeeded: true, user.Subject, reason: "The accounts at other providers were unlinked.");
            await db.SaveChangesAsync(cancellationToken);
        }

        await ConsentLedger.ForgetPersonAsync(db, user.Id, cancellationToken);
        if (user.PreparedBy is { } before && before != preparedBy)
        {
            // Whoever could enter this account may have prepared others from it, as may the person: what neither may keep a way into by what the other holds.
            await db.Users.Where(row => row.PreparedBy == user.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.PreparedBy, PreparedAccounts.Several), cancellationToken);
        }

        await db.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.PreparedBy, preparedBy), cancellationToken);
    }
}
