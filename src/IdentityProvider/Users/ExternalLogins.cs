using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>Ties accounts here to accounts at upstream providers.</summary>
internal sealed class ExternalLogins(AppDbContext db, ILookupNormalizer normalizer, AuditLog audit, TimeProvider clock)
{
    /// <summary>Links an account that its owner has just proved.</summary>
    /// <param name="proved">The account as it was then.</param>
    /// <param name="verifiedAddress">The address as the provider verified it: where it is the account's own, it is verified now.</param>
    /// <returns>False when the upstream account is already linked, or what proved the account proves it no more.</returns>
    public async Task<bool> LinkAsync(User proved, ExternalLogin login, string verifiedAddress, CancellationToken cancellationToken) =>
        await TryLinkAsync(proved, login, verifiedAddress, cancellationToken)
        // A verified address belongs to one account: where that is another one, the link stands without it.
        || await TryLinkAsync(proved, login, verifiedAddress: null, cancellationToken);

    private async Task<bool> TryLinkAsync(User proved, ExternalLogin login, string? verifiedAddress, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Whoever closes the account's ways in meanwhile does so before this or after it, and in both cases the link is none.
        var (id, stamp) = (proved.Id, proved.SecurityStamp);
        if (await db.Users.Where(row => row.Id == id && row.SecurityStamp == stamp && row.DisabledAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.SecurityStamp, stamp), cancellationToken) == 0)
        {
            return false;
        }

        var user = await db.Users.SingleAsync(row => row.Id == id, cancellationToken);
        if (verifiedAddress is not null && user.NormalizedEmail == normalizer.NormalizeEmail(verifiedAddress) && !user.EmailConfirmed)
        {
            user.EmailConfirmed = true;
            user.UpdatedAt = clock.GetUtcNow().UtcDateTime;
        }

        db.Add(new IdentityUserLogin<Guid>
        {
            UserId = id,
            LoginProvider = login.Provider,
            ProviderKey = login.Key,
            ProviderDisplayName = login.DisplayName,
        });
        audit.Add(db, AuditEventType.ExternalLoginLinked, succeeded: true, user.Subject, reason: $"{login.DisplayName}, after its owner proved this account.");
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            db.ChangeTracker.Clear();
            return false;
        }
    }
}
