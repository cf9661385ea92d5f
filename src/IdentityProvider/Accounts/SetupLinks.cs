using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using IdentityProvider.Users;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Accounts;

/// <summary>Makes and consumes the link that makes the first administrator. Whoever can read it may have the server, so it works once and for an hour.</summary>
internal sealed class SetupLinks(AppDbContext db, RoleRegistry roles, Issuer issuer, AuditLog audit, TimeProvider clock)
{
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(1);

    /// <summary>A new link, which voids every older one; null when there is an administrator and so no need of one.</summary>
    public async Task<string?> CreateLinkAsync(CancellationToken cancellationToken)
    {
        if (await roles.HasMembersAsync(Role.Administrator, cancellationToken))
        {
            return null;
        }

        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await StoreAsync(HashOf(token), cancellationToken);
        audit.Record(AuditEventType.SetupLinkCreated, succeeded: true);
        return issuer.UrlOf("/setup?token=" + token);
    }

    /// <summary>Whether the link would work now. Looking does not consume it: mail scanners and previews look too.</summary>
    public async Task<bool> IsGoodAsync(string? token, CancellationToken cancellationToken) =>
        token is not null
        && await Good(HashOf(token)).AnyAsync(cancellationToken)
        && !await roles.HasMembersAsync(Role.Administrator, cancellationToken);

    /// <summary>Consumes the link in the caller's transaction: of any number at once, one gets true.</summary>
    public async Task<bool> ConsumeAsync(string token, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var consumed = await Good(HashOf(token))
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.ConsumedAt, now), cancellationToken);

        // An administrator may have come by another way, a declaration or a command, since the link was made.
        return consumed == 1 && !await roles.HasMembersAsync(Role.Administrator, cancellationToken);
    }

    private IQueryable<SetupLink> Good(byte[] hash)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return db.Set<SetupLink>().Where(link => link.TokenHash == hash && link.ConsumedAt == null && link.ExpiresAt > now);
    }

    private async Task StoreAsync(byte[] hash, CancellationToken cancellationToken)
    {
        if (await ReplaceAsync(hash, cancellationToken))
        {
            return;
        }

        var link = new SetupLink { TokenHash = hash, ExpiresAt = ExpiresAt };
        db.Add(link);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Another node starts at this moment: the later link is the one that works.
            db.Entry(link).State = EntityState.Detached;
            await ReplaceAsync(hash, cancellationToken);
        }
    }

    private async Task<bool> ReplaceAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var expiresAt = ExpiresAt;
        return await db.Set<SetupLink>().ExecuteUpdateAsync(set => set
            .SetProperty(link => link.TokenHash, hash)
            .SetProperty(link => link.ExpiresAt, expiresAt)
            .SetProperty(link => link.ConsumedAt, (DateTime?)null), cancellationToken) == 1;
    }

    private DateTime ExpiresAt => clock.GetUtcNow().UtcDateTime + Lifetime;

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
