using IdentityProvider.Audit;
using IdentityProvider.Data;

namespace IdentityProvider.Users;

/// <summary>
/// Whether somebody has proved an account by its password.
/// Every way through does one hash computation, so that neither words nor work tell an unknown name from a wrong password.
/// </summary>
internal sealed class PasswordCheck(
    Statements statements, AccountSearch accounts, PasswordHasher hasher, HashingQueue hashing, Lockout lockout, AuditLog audit)
{
    private static readonly Statement rehash = new(
        """UPDATE "Users" SET "PasswordHash" = @hash WHERE "Id" = @id AND "PasswordHash" = @before""", "@hash", "@id", "@before");

    public async Task<PasswordProof> VerifyAsync(string nameOrAddress, string password, CancellationToken cancellationToken)
    {
        if (PasswordRules.IsTooLong(password))
        {
            return new PasswordProof.Refused(null, "The password was longer than any password can be.");
        }

        // The place comes first: an attempt that is reserved and then turned away would count as a wrong password.
        using var place = await hashing.EnterAsync(cancellationToken);
        if (place is null)
        {
            return new PasswordProof.Busy();
        }

        var user = await accounts.FindByNameOrAddressAsync(nameOrAddress, cancellationToken);
        var attempt = await lockout.ReserveAsync(user?.Id ?? Guid.Empty, cancellationToken);
        var verdict = hasher.Verify(attempt == Attempt.None ? null : user?.PasswordHash, password);
        var proof = Decide(user, attempt, verdict);

        if (verdict != PasswordVerdict.Wrong && user is not null)
        {
            // Also for a disabled account: its password was right.
            await lockout.ForgetAsync(user.Id, cancellationToken);
            if (verdict == PasswordVerdict.RightButOutdated)
            {
                await RehashAsync(user, password, cancellationToken);
            }
        }
        else if (attempt == Attempt.Last)
        {
            audit.Record(AuditEventType.AccountLocked, succeeded: true, user?.Subject,
                reason: $"{Lockout.MaximumFailures} wrong passwords in a row; locked for {Lockout.Duration.TotalMinutes:0} minutes.");
        }

        return proof;
    }

    /// <summary>What an attempt amounts to. The reasons are for administrators; the person is told one thing only.</summary>
    public static PasswordProof Decide(User? user, Attempt attempt, PasswordVerdict verdict) => (user, attempt, verdict) switch
    {
        (null, _, _) => new PasswordProof.Refused(null, "There is no account with that name or address."),
        (_, Attempt.None, _) => new PasswordProof.Refused(user, "The account is locked after too many wrong passwords."),
        ({ PasswordHash: null }, _, _) => new PasswordProof.Refused(user, "The account has no password."),
        (_, _, PasswordVerdict.Wrong) => new PasswordProof.Refused(user, "The password was wrong."),
        ({ DisabledAt: not null }, _, _) => new PasswordProof.Refused(user, "The account is disabled."),
        _ => new PasswordProof.Proved(user),
    };

    private Task<int> RehashAsync(User user, string password, CancellationToken cancellationToken)
    {
        // The queue's place is still ours, and only the hash that was verified is replaced.
        var hash = hasher.Hash(password);
        return statements.ExecuteAsync(rehash, cancellationToken, hash, user.Id, user.PasswordHash);
    }
}

/// <summary>The outcome of checking a password.</summary>
internal abstract record PasswordProof
{
    private PasswordProof()
    {
    }

    public sealed record Proved(User User) : PasswordProof;

    /// <param name="User">The account concerned, where there is one: for the record, never for the person.</param>
    /// <param name="Reason">One sentence for the administrator.</param>
    public sealed record Refused(User? User, string Reason) : PasswordProof;

    /// <summary>Too many passwords are being verified: nothing was tried and nothing counted.</summary>
    public sealed record Busy : PasswordProof;
}
