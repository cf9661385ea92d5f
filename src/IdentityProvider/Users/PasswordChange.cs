using System.Diagnostics;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>Gives an account a new password.</summary>
internal sealed class PasswordChange(AppDbContext db, NewPasswords passwords, SessionRegistry sessions, AuditLog audit)
{
    /// <summary>Sets the password and ends every session of the person: whoever knew the old one is out.</summary>
    public async Task<PasswordChangeOutcome> ChangeAsync(string subject, string password, CancellationToken cancellationToken)
    {
        switch (await passwords.HashAsync(password, cancellationToken))
        {
            case NewPassword.Hashed hashed:
                return await SetAsync(subject, hashed.Hash, cancellationToken);
            case NewPassword.Unacceptable unacceptable:
                return new PasswordChangeOutcome.Refused(unacceptable.Problem);
            case NewPassword.Busy:
                return new PasswordChangeOutcome.Busy();
            case var other:
                throw new UnreachableException($"Unhandled outcome {other}.");
        }
    }

    /// <summary>The same with the hash of a password, or with none at all. A link for choosing one is void with it. In the caller's transaction where there is one.</summary>
    public async Task<PasswordChangeOutcome> SetAsync(string subject, string? hash, CancellationToken cancellationToken)
    {
        await using var own = db.Database.CurrentTransaction is null
            ? await db.Database.BeginTransactionAsync(cancellationToken)
            : null;
        var stamp = Guid.CreateVersion7().ToString("N");
        var changed = await db.Users.Where(user => user.Subject == subject)
            .ExecuteUpdateAsync(set => set
                .SetProperty(user => user.PasswordHash, hash)
                .SetProperty(user => user.SecurityStamp, stamp)
                .SetProperty(user => user.AccessFailedCount, 0)
                .SetProperty(user => user.LockoutEnd, (DateTimeOffset?)null), cancellationToken);
        if (changed == 0)
        {
            return new PasswordChangeOutcome.UnknownUser();
        }

        var id = await db.Users.Where(user => user.Subject == subject).Select(user => user.Id).SingleAsync(cancellationToken);
        await db.Set<PasswordReset>().Where(reset => reset.UserId == id).ExecuteDeleteAsync(cancellationToken);
        await sessions.EndAllAsync(id, SessionEndReason.PasswordChanged, cancellationToken);
        audit.Add(db, AuditEventType.UserChanged, succeeded: true, subject, reason: hash is null ? "The password was taken away." : "New password.");
        await db.SaveChangesAsync(cancellationToken);
        if (own is not null)
        {
            await own.CommitAsync(cancellationToken);
        }

        return new PasswordChangeOutcome.Changed();
    }
}

/// <summary>The outcome of changing a password.</summary>
internal abstract record PasswordChangeOutcome
{
    private PasswordChangeOutcome()
    {
    }

    public sealed record Changed : PasswordChangeOutcome;

    /// <param name="Problem">What is wrong with the new password, for the person who chose it.</param>
    public sealed record Refused(string Problem) : PasswordChangeOutcome;

    public sealed record UnknownUser : PasswordChangeOutcome;

    public sealed record Busy : PasswordChangeOutcome;
}
