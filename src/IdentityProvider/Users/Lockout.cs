using System.Security.Cryptography;
using IdentityProvider.Data;

namespace IdentityProvider.Users;

/// <summary>
/// Counts wrong passwords in the database and locks the account for a while when there were too many in a row.
/// An attempt is reserved before its password is verified: counting afterwards would let any number
/// of parallel guesses through before the first of them is counted.
/// </summary>
internal sealed class Lockout(Statements statements, TimeProvider clock)
{
    public const int MaximumFailures = 5;
    private const int LastFailure = MaximumFailures - 1;

    public static TimeSpan Duration { get; } = TimeSpan.FromMinutes(5);

    // A lockout that is over starts the count anew.
    private static readonly Statement another = new(
        $"""
        UPDATE "Users" SET "AccessFailedCount" = CASE WHEN "LockoutEnd" IS NULL THEN "AccessFailedCount" + 1 ELSE 1 END, "LockoutEnd" = NULL
        WHERE "Id" = @id AND (("LockoutEnd" IS NULL AND "AccessFailedCount" < {LastFailure}) OR "LockoutEnd" <= @now)
        """,
        "@id", "@now");

    private static readonly Statement last = new(
        $"""
        UPDATE "Users" SET "AccessFailedCount" = {MaximumFailures}, "LockoutEnd" = @until
        WHERE "Id" = @id AND "LockoutEnd" IS NULL AND "AccessFailedCount" >= {LastFailure}
        """,
        "@until", "@id");

    // Writes and leaves nothing. A row of its own: those that try at the same time do not wait for each other, as they do not at different accounts.
    private static readonly Statement pretend = new(
        """
        INSERT INTO "UsedProofs" ("Hash", "ExpiresAt") VALUES (@nobody, @now);
        DELETE FROM "UsedProofs" WHERE "Hash" = @nobody
        """,
        "@nobody", "@now");

    private static readonly Statement forget = new(
        """UPDATE "Users" SET "AccessFailedCount" = 0, "LockoutEnd" = NULL WHERE "Id" = @id""", "@id");

    /// <summary>
    /// Takes one of the attempts this account has left. Where there is none left, or no account, something is written all the same:
    /// a commit without a change does not wait for the disk, and an observer could tell by the time.
    /// </summary>
    public Task<Attempt> ReserveAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return statements.WriteAsync(
            async writer =>
            {
                if (await writer.ExecuteAsync(another, userId, now) == 1)
                {
                    return Attempt.Another;
                }

                if (await writer.ExecuteAsync(last, now + Duration, userId) == 1)
                {
                    return Attempt.Last;
                }

                await writer.ExecuteAsync(pretend, RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes), now);
                return Attempt.None;
            },
            cancellationToken);
    }

    /// <summary>The password was right: the attempts before it, and the one reserved for it, count no more.</summary>
    public Task ForgetAsync(Guid userId, CancellationToken cancellationToken) =>
        statements.ExecuteAsync(forget, cancellationToken, userId);
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
