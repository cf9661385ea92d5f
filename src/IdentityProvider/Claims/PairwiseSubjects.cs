using System.Buffers.Text;
using System.Security.Cryptography;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Claims;

/// <summary>The subjects by which sectors know people: made once for each person and sector, and never changed.</summary>
internal sealed class PairwiseSubjects(AppDbContext db)
{
    /// <summary>The subject a sector knows this person by, or null when it never met them.</summary>
    public Task<string?> FindAsync(Guid userId, string sector, CancellationToken cancellationToken) =>
        db.Set<PairwiseSubject>().Where(row => row.UserId == userId && row.Sector == sector)
            .Select(row => row.Value).SingleOrDefaultAsync(cancellationToken);

    /// <summary>Whether a subject that one of our own tokens names means this person, in whichever sector.</summary>
    public async Task<bool> MeansAsync(string? named, Guid userId, string subject, CancellationToken cancellationToken) =>
        named == subject
        || (named is not null && await db.Set<PairwiseSubject>().AnyAsync(row => row.Value == named && row.UserId == userId, cancellationToken));

    /// <summary>The subject a sector knows this person by, made now when it never met them.</summary>
    /// <returns>Null when nobody has this subject: it is a client's, or already a pairwise one.</returns>
    public async Task<string?> EnsureAsync(string subject, string sector, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var found = await db.Users.Where(user => user.Subject == subject)
                .Select(user => new
                {
                    user.Id,
                    Value = db.Set<PairwiseSubject>().Where(row => row.UserId == user.Id && row.Sector == sector).Max(row => row.Value),
                })
                .SingleOrDefaultAsync(cancellationToken);
            if (found is null or { Value: not null })
            {
                return found?.Value;
            }

            var made = new PairwiseSubject
            {
                Value = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
                UserId = found.Id,
                Sector = sector,
            };
            db.Add(made);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return made.Value;
            }
            catch (DbUpdateException exception) when (attempt == 0 && exception.IsUniqueViolation())
            {
                // Two first sign-ins at once: the other one's counts.
                db.ChangeTracker.Clear();
            }
        }
    }
}
