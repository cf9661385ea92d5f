using System.Net;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.DeviceAuthorization;

/// <summary>
/// Counts wrong user codes in the database, by person and by address (RFC 8628 §5.1).
/// A guess is reserved before the code is looked up and given back when it was right: counting afterwards would let any number
/// of parallel guesses through before the first of them is counted.
/// </summary>
internal sealed class UserCodeLimit(AppDbContext db, TimeProvider clock)
{
    public const int OfPerson = 5;
    public const int OfAddress = 10;

    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Takes a guess from both; null when one of them has none left.</summary>
    public async Task<Guess?> ReserveAsync(Guid userId, IPAddress? address, CancellationToken cancellationToken)
    {
        var guess = new Guess($"person:{userId}", $"address:{CallerNetwork.Of(address)}");
        if (!await ReserveAsync(guess.Person, OfPerson, cancellationToken))
        {
            return null;
        }

        if (!await ReserveAsync(guess.Address, OfAddress, cancellationToken))
        {
            await GiveBackAsync([guess.Person], cancellationToken);
            return null;
        }

        return guess;
    }

    /// <summary>The code was right: the guess does not count.</summary>
    public Task GiveBackAsync(Guess guess, CancellationToken cancellationToken) => GiveBackAsync([guess.Person, guess.Address], cancellationToken);

    private Task<int> GiveBackAsync(string[] who, CancellationToken cancellationToken) =>
        db.Set<UserCodeGuess>().Where(row => who.Contains(row.Who) && row.Count > 0)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Count, row => row.Count - 1), cancellationToken);

    private async Task<bool> ReserveAsync(string who, int most, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = clock.GetUtcNow().UtcDateTime;
            var ends = now + Window;
            var reserved = await db.Set<UserCodeGuess>().Where(row => row.Who == who && (row.Count < most || row.EndsAt <= now))
                .ExecuteUpdateAsync(set => set
                    .SetProperty(row => row.Count, row => row.EndsAt <= now ? 1 : row.Count + 1)
                    .SetProperty(row => row.EndsAt, row => row.EndsAt <= now ? ends : row.EndsAt), cancellationToken);
            if (reserved == 1)
            {
                return true;
            }

            if (await db.Set<UserCodeGuess>().AnyAsync(row => row.Who == who, cancellationToken))
            {
                return false;
            }

            db.Add(new UserCodeGuess { Who = who, Count = 1, EndsAt = ends });
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return true;
            }
            catch (DbUpdateException exception) when (exception.IsUniqueViolation())
            {
                // Another guess was counted first: this one is counted after it.
                db.ChangeTracker.Clear();
            }
        }
    }

    internal sealed record Guess(string Person, string Address);
}
