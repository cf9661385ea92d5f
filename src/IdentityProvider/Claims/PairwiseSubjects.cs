using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Claims;

/// <summary>The subjects by which sectors know people: made once for each person and sector, and never changed.</summary>
internal sealed class PairwiseSubjects(Statements statements)
{
    private static readonly Statement find = new(
        """SELECT p."Value" FROM "PairwiseSubjects" AS p WHERE p."UserId" = @user AND p."Sector" = @sector""",
        "@user", "@sector");

    private static readonly Statement findMeant = new(
        """SELECT p."Value" FROM "PairwiseSubjects" AS p WHERE p."Value" = @value AND p."UserId" = @user""",
        "@value", "@user");

    private static readonly Statement findAny = new("""SELECT p."Value" FROM "PairwiseSubjects" AS p WHERE p."Value" = @value""", "@value");

    private static readonly Statement findKnown = new(
        """
        SELECT p."Value" FROM "Users" AS u LEFT JOIN "PairwiseSubjects" AS p ON p."UserId" = u."Id" AND p."Sector" = @sector
        WHERE u."Subject" = @subject
        """,
        "@sector", "@subject");

    private static readonly Statement add = new(
        """
        INSERT INTO "PairwiseSubjects" ("Value", "UserId", "Sector")
        SELECT @value, u."Id", @sector FROM "Users" AS u WHERE u."Subject" = @subject
        ON CONFLICT DO NOTHING
        """,
        "@value", "@sector", "@subject");

    /// <summary>The subject a sector knows this person by, or null when it never met them.</summary>
    public ValueTask<string?> FindAsync(Guid userId, string sector, CancellationToken cancellationToken) =>
        statements.ReadAsync(find, static row => row.GetString(0), cancellationToken, userId, sector);

    /// <summary>The same within the caller's transaction, which has a connection of the pool and must not wait for another one.</summary>
    public static Task<string?> FindAsync(AppDbContext db, Guid userId, string sector, CancellationToken cancellationToken) =>
        db.Set<PairwiseSubject>().Where(known => known.UserId == userId && known.Sector == sector).Select(known => known.Value)
            .SingleOrDefaultAsync(cancellationToken);

    /// <summary>Whether a subject that one of our own tokens names means this person, in whichever sector.</summary>
    public async Task<bool> MeansAsync(string? named, Guid userId, string subject, CancellationToken cancellationToken) =>
        named == subject
        || (named is not null && await statements.ReadAsync(findMeant, static row => row.GetString(0), cancellationToken, named, userId) is not null);

    /// <summary>Whether somebody is known by this subject, in whichever sector.</summary>
    public ValueTask<bool> ExistsAsync(string value, CancellationToken cancellationToken) => statements.AnyAsync(findAny, cancellationToken, value);

    /// <summary>The subject a sector knows this person by, made now when it never met them.</summary>
    /// <returns>Null when nobody has this subject: its person was removed, or it is a client's, or already a pairwise one.</returns>
    public async Task<string?> EnsureAsync(string subject, string sector, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await statements.ReadAsync(findKnown, Known.Read, cancellationToken, sector, subject);
            if (found is null or { Value: not null })
            {
                return found?.Value;
            }

            // Of two first sign-ins at once one is written; the other one reads what that was.
            var made = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
            if (await statements.ExecuteAsync(add, cancellationToken, made, sector, subject) == 1)
            {
                return made;
            }
        }
    }

    private sealed record Known(string? Value)
    {
        public static Known Read(DbDataReader row) => new(row.Text(0));
    }
}
