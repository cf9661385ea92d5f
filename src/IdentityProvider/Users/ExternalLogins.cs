using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>Ties accounts here to accounts at upstream providers.</summary>
internal sealed class ExternalLogins(AppDbContext db, ILookupNormalizer normalizer, AuditLog audit, TimeProvider clock)
{
    /// <summary>Links an account that its owner has just proved.</summary>
    /// <param name="verifiedAddress">The address as the provider verified it: where it is the account's own, it is verified now.</param>
    /// <returns>False when the upstream account is already linked.</returns>
    public async Task<bool> LinkAsync(Guid userId, ExternalLogin login, string verifiedAddress, CancellationToken cancellationToken) =>
        await TryLinkAsync(userId, login, verifiedAddress, cancellationToken)
        // A verified address belongs to one account: where that is another one, the link stands without it.
        || await TryLinkAsync(userId, login, verifiedAddress: null, cancellationToken);

    private async Task<bool> TryLinkAsync(Guid userId, ExternalLogin login, string? verifiedAddress, CancellationToken cancellationToken)
    {
        var user = await db.Users.SingleAsync(row => row.Id == userId, cancellationToken);
        if (verifiedAddress is not null && user.NormalizedEmail == normalizer.NormalizeEmail(verifiedAddress) && !user.EmailConfirmed)
        {
            user.EmailConfirmed = true;
            user.UpdatedAt = clock.GetUtcNow().UtcDateTime;
        }

        db.Add(new IdentityUserLogin<Guid>
        {
            UserId = userId,
            LoginProvider = login.Provider,
            ProviderKey = login.Key,
            ProviderDisplayName = login.DisplayName,
        });
        audit.Add(db, AuditEventType.ExternalLoginLinked, succeeded: true, user.Subject, reason: $"{login.DisplayName}, after its owner proved this account.");
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            db.ChangeTracker.Clear();
            return false;
        }
    }
}
