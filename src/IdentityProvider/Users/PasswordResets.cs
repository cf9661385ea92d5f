using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>
/// Lets a person choose a new password by a link that somebody hands them, for this server sends no mail. From the moment the link is made no
/// older way leads into the account and every session is over; the link works once and for an hour.
/// </summary>
internal sealed class PasswordResets(
    AppDbContext db, PasswordChange change, WaysIn waysIn, NewPasswords passwords, Issuer issuer, TimeProvider clock)
{
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(1);

    /// <summary>Closes every way into the account and makes a link, in the caller's transaction where there is one. Voids every older link.</summary>
    /// <param name="preparedBy">Who makes it, where that is not the operator: see <see cref="User.PreparedBy"/>.</param>
    public async Task<PasswordLink> MakeAsync(User user, Guid? preparedBy, CancellationToken cancellationToken)
    {
        if (user.DisabledAt is not null)
        {
            return new PasswordLink.Refused("The account is disabled: enable it first.");
        }

        if (user.PasswordHash is null && await db.UserLogins.AnyAsync(login => login.UserId == user.Id, cancellationToken))
        {
            return new PasswordLink.Refused("This person signs in with another provider, which must help them: a password would be a second way in.");
        }

        await using var own = db.Database.CurrentTransaction is null
            ? await db.Database.BeginTransactionAsync(cancellationToken)
            : null;
        await waysIn.CloseAsync(user, preparedBy, cancellationToken);
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var row = new PasswordReset { UserId = user.Id, TokenHash = HashOf(token), ExpiresAt = clock.GetUtcNow().UtcDateTime + Lifetime };
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        if (own is not null)
        {
            await own.CommitAsync(cancellationToken);
        }

        return new PasswordLink.Made(issuer.UrlOf("/reset?token=" + token), row.ExpiresAt);
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

/// <summary>The outcome of making a link to a password.</summary>
internal abstract record PasswordLink
{
    private PasswordLink()
    {
    }

    /// <param name="Url">Is kept nowhere.</param>
    /// <param name="ExpiresAt">Until when it works.</param>
    public sealed record Made(string Url, DateTime ExpiresAt) : PasswordLink;

    /// <summary>Everything is as it was.</summary>
    public sealed record Refused(string Problem) : PasswordLink;
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
