using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>
/// Counts wrong passwords in the database and locks the account for a while when there were too many in a row.
/// An attempt is reserved before its password is verified: counting afterwards would let any number
/// of parallel guesses through before the first of them is counted.
/// </summary>
internal sealed class Lockout(AppDbContext db, TimeProvider clock)
{
    public const int MaximumFailures = 5;

    public static TimeSpan Duration { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Takes one of the attempts this account has left.</summary>
    public async Task<Attempt> ReserveAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();

        // A lockout that is over starts the count anew.
        var another = await db.Users
            .Where(user => user.Id == userId
                && ((user.LockoutEnd == null && user.AccessFailedCount < MaximumFailures - 1) || user.LockoutEnd <= now))
            .ExecuteUpdateAsync(set => set
                .SetProperty(user => user.AccessFailedCount, user => user.LockoutEnd == null ? user.AccessFailedCount + 1 : 1)
                .SetProperty(user => user.LockoutEnd, (DateTimeOffset?)null), cancellationToken);
        if (another == 1)
        {
            return Attempt.Another;
        }

        var until = now + Duration;
        var last = await db.Users
            .Where(user => user.Id == userId && user.LockoutEnd == null && user.AccessFailedCount >= MaximumFailures - 1)
            .ExecuteUpdateAsync(set => set
                .SetProperty(user => user.AccessFailedCount, MaximumFailures)
                .SetProperty(user => user.LockoutEnd, until), cancellationToken);
        return last == 1 ? Attempt.Last : Attempt.None;
    }

    /// <summary>The password was right: the attempts before it, and the one reserved for it, count no more.</summary>
    public async Task ForgetAsync(Guid userId, CancellationToken cancellationToken) =>
        await db.Users.Where(user => user.Id == userId)
            .ExecuteUpdateAsync(set => set
                .SetProperty(user => user.AccessFailedCount, 0)
                .SetProperty(user => user.LockoutEnd, (DateTimeOffset?)null), cancellationToken);
}

/// <summary>An attempt to prove a password.</summary>
internal enum Attempt
{
    /// <summary>The account is locked, or there is none.</summary>
    None,

    Another,

    /// <summary>The account is locked already and stays so, unless this one is right.</summary>
    Last,
}
