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
internal sealed class SetupLinks(Statements statements, RoleMembers members, Issuer issuer, AuditLog audit, TimeProvider clock)
{
    // Where several nodes start at once, the later link is the one that works.
    private static readonly Statement store = new(
        """
        INSERT INTO "SetupLinks" ("Name", "TokenHash", "ExpiresAt", "ConsumedAt") VALUES (@name, @hash, @expires, NULL)
        ON CONFLICT ("Name") DO UPDATE SET "TokenHash" = excluded."TokenHash", "ExpiresAt" = excluded."ExpiresAt", "ConsumedAt" = NULL
        """,
        "@name", "@hash", "@expires");

    private static readonly Statement good = new(
        """SELECT 1 FROM "SetupLinks" WHERE "TokenHash" = @hash AND "ConsumedAt" IS NULL AND "ExpiresAt" > @now""", "@hash", "@now");

    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(1);

    /// <summary>A new link, which voids every older one; null when there is an administrator and so no need of one.</summary>
    public async Task<string?> CreateLinkAsync(CancellationToken cancellationToken)
    {
        if (await members.AnyAsync(Role.Administrator, cancellationToken))
        {
            return null;
        }

        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await statements.ExecuteAsync(store, cancellationToken, SetupLink.Administrator, HashOf(token), Now + Lifetime);
        audit.Record(AuditEventType.SetupLinkCreated, succeeded: true);
        return issuer.UrlOf("/setup?token=" + token);
    }

    /// <summary>Whether the link would work now. Looking does not consume it: mail scanners and previews look too.</summary>
    public async Task<bool> IsGoodAsync(string? token, CancellationToken cancellationToken) =>
        token is not null
        && await statements.AnyAsync(good, cancellationToken, HashOf(token), Now)
        && !await members.AnyAsync(Role.Administrator, cancellationToken);

    /// <summary>Consumes the link in the caller's transaction: of any number at once, one gets true.</summary>
    public async Task<bool> ConsumeAsync(AppDbContext db, string token, CancellationToken cancellationToken)
    {
        var (hash, now) = (HashOf(token), Now);
        var consumed = await db.Set<SetupLink>().Where(link => link.TokenHash == hash && link.ConsumedAt == null && link.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.ConsumedAt, now), cancellationToken);

        // An administrator may have come by another way, a declaration or a command, since the link was made.
        return consumed == 1 && !await members.AnyAsync(db, Role.Administrator, cancellationToken);
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
