using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Data;

/// <summary>Names by which tokens call people.</summary>
internal static class Subjects
{
    /// <summary>Whether it is the <c>sub</c> of a person, for everybody or for the clients of one sector (OpenID Connect Core §8).</summary>
    public static async Task<bool> IsSubjectAsync(this AppDbContext db, string subject, CancellationToken cancellationToken) =>
        await db.Users.AnyAsync(user => user.Subject == subject, cancellationToken)
        || await db.Database.SqlQuery<string>($"""SELECT "Value" FROM "PairwiseSubjects" WHERE "Value" = {subject}""").AnyAsync(cancellationToken);
}
