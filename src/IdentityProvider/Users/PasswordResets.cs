using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>
/// Lets a person choose a new password by a link that somebody hands them, for this server sends no mail. From the moment the link is made the old
/// password is worth nothing and every session is over; the link works once and for an hour.
/// </summary>
internal sealed class PasswordResets(AppDbContext db, PasswordChange change, NewPasswords passwords, Issuer issuer, TimeProvider clock)
{
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(1);

    /// <summary>Takes the person's password away and makes a link, in the caller's transaction. Voids every older link.</summary>
    /// <returns>The link, which is kept nowhere, and until when it works.</returns>
    public async Task<(string Link, DateTime ExpiresAt)> StageAsync(User user, CancellationToken cancellationToken)
    {
        await change.SetAsync(user.Subject, hash: null, cancellationToken);
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var row = new PasswordReset { UserId = user.Id, TokenHash = HashOf(token), ExpiresAt = clock.GetUtcNow().UtcDateTime + Lifetime };
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return (issuer.UrlOf("/reset?token=" + token), row.ExpiresAt);
    }

    /// <summary>Whose password the link would set; null when it would set none. Looking does not use it up.</summary>
    public async Task<User?> FindAsync(string? token, CancellationToken cancellationToken) =>
        token is null ? null : await Good(token).Join(db.Users, reset => reset.UserId, user => user.Id, (_, user) => user)
            .AsNoTracking().SingleOrDefaultAsync(user => user.DisabledAt == null, cancellationToken);

    /// <summary>Uses the link up: of any number at once, one sets the password.</summary>
    public async Task<PasswordResetOutcome> CompleteAsync(string token, string password, CancellationToken cancellationToken)
    {
        // Looked at first, so that a void link costs no hash; what decides is that its row goes.
        if (await FindAsync(token, cancellationToken) is not { } user)
        {
            return new PasswordResetOutcome.LinkIsVoid();
        }

        switch (await passwords.HashAsync(password, cancellationToken))
        {
            case NewPassword.Hashed { Hash: var hash }:
                await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
                {
                    // Takes hold of the person first, as whoever disables them does: none waits for the other in a circle.
                    if (await db.Users.Where(row => row.Id == user.Id && row.DisabledAt == null)
                            .ExecuteUpdateAsync(set => set.SetProperty(row => row.AccessFailedCount, 0), cancellationToken) == 0
                        || await Good(token).ExecuteDeleteAsync(cancellationToken) == 0)
                    {
                        return new PasswordResetOutcome.LinkIsVoid();
                    }

                    await change.SetAsync(user.Subject, hash, cancellationToken);
                    await transaction.CommitAsync(cancellationToken);
                }

                return new PasswordResetOutcome.Changed();
            case NewPassword.Unacceptable unacceptable:
                return new PasswordResetOutcome.Refused(unacceptable.Problem);
            case NewPassword.Busy:
                return new PasswordResetOutcome.Busy(HashingQueue.RetryAfter);
            case var other:
                throw new UnreachableException($"Unhandled outcome {other}.");
        }
    }

    private IQueryable<PasswordReset> Good(string token)
    {
        var (hash, now) = (HashOf(token), clock.GetUtcNow().UtcDateTime);
        return db.Set<PasswordReset>().Where(reset => reset.TokenHash == hash && reset.ExpiresAt > now);
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

/// <summary>The outcome of choosing a password by a link.</summary>
internal abstract record PasswordResetOutcome
{
    private PasswordResetOutcome()
    {
    }

    public sealed record Changed : PasswordResetOutcome;

    /// <summary>Used, too old, replaced by a newer one, never made, or of an account that may not be used.</summary>
    public sealed record LinkIsVoid : PasswordResetOutcome;

    /// <summary>The link still works.</summary>
    public sealed record Refused(string Problem) : PasswordResetOutcome;

    public sealed record Busy(TimeSpan RetryAfter) : PasswordResetOutcome;
}
