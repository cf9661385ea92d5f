using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Consents;

/// <summary>What people allowed clients, remembered per person and client.</summary>
internal sealed class ConsentLedger(Statements statements, AuditLog audit, TimeProvider clock)
{
    private static readonly Statement find = new(
        """SELECT c."Scopes", c."Claims", c."GrantedAt" FROM "Consents" AS c WHERE c."UserId" = @user AND c."ClientId" = @client""",
        "@user", "@client");

    // Holds the client's row without changing it. Whoever wants to remove the client waits and then finds this consent, or removed it before.
    private static readonly Statement holdClient = new(
        """UPDATE "Clients" SET "ConcurrencyToken" = "ConcurrencyToken" WHERE "ClientId" = @client""", "@client");

    private static readonly Statement add = new(
        """
        INSERT INTO "Consents" ("Id", "UserId", "ClientId", "Scopes", "Claims", "GrantedAt") VALUES (@id, @user, @client, @scopes, @claims, @now)
        ON CONFLICT ("UserId", "ClientId") DO NOTHING
        """,
        "@id", "@user", "@client", "@scopes", "@claims", "@now");

    private static readonly Statement extend = new(
        """
        UPDATE "Consents" SET "Scopes" = @scopes, "Claims" = @claims, "GrantedAt" = @now
        WHERE "UserId" = @user AND "ClientId" = @client AND "Scopes" = @scopes_before AND "Claims" = @claims_before
        """,
        "@scopes", "@claims", "@now", "@user", "@client", "@scopes_before", "@claims_before");

    /// <summary>What this person has allowed this client so far, or null.</summary>
    public async ValueTask<ConsentRecord?> FindAsync(Guid userId, string clientId, CancellationToken cancellationToken) =>
        await ReadAsync(userId, clientId, cancellationToken) is { } consent
            ? new ConsentRecord(Split(consent.Scopes), Split(consent.Claims), consent.GrantedAt)
            : null;

    /// <summary>Remembers an answer about scopes alone.</summary>
    public Task<bool> AllowAsync(
        Guid userId, string subject, string clientId, string sid, IReadOnlyCollection<string> scopes, CancellationToken cancellationToken) =>
        AllowAsync(userId, subject, clientId, sid, scopes, [], cancellationToken);

    /// <summary>Remembers an answer. What was allowed before stays allowed.</summary>
    /// <param name="claims">Claims asked for by name, beyond those of the scopes.</param>
    /// <returns>False when the client was removed or the session ended meanwhile.</returns>
    public async Task<bool> AllowAsync(Guid userId, string subject, string clientId, string sid,
        IReadOnlyCollection<string> scopes, IReadOnlyCollection<string> claims, CancellationToken cancellationToken)
    {
        // Two tabs may answer at once: whoever comes second reads what the first one wrote, and adds to it.
        while (true)
        {
            switch (await TryAllowAsync(userId, subject, clientId, sid, scopes, claims, cancellationToken))
            {
                case Answer.Written:
                    return true;
                case Answer.Gone:
                    return false;
            }
        }
    }

    /// <summary>Forgets what anybody allowed a client that is going away: a later client of the same name is another one.</summary>
    /// <param name="db">Holds the transaction in which it goes.</param>
    public static async Task ForgetClientAsync(AppDbContext db, string clientId, CancellationToken cancellationToken)
    {
        // First the client's row: whoever is about to remember an answer is waited for, and whoever comes later finds no client.
        await db.Set<Client>().Where(client => client.ClientId == clientId)
            .ExecuteUpdateAsync(set => set.SetProperty(client => client.ConcurrencyToken, client => client.ConcurrencyToken), cancellationToken);
        await db.Set<Consent>().Where(consent => consent.ClientId == clientId).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Forgets what somebody allowed, in the caller's transaction: it may not have been the person.</summary>
    public static Task ForgetPersonAsync(AppDbContext db, Guid userId, CancellationToken cancellationToken) =>
        db.Set<Consent>().Where(consent => consent.UserId == userId).ExecuteDeleteAsync(cancellationToken);

    private ValueTask<Consent?> ReadAsync(Guid userId, string clientId, CancellationToken cancellationToken) =>
        statements.ReadAsync(
            find,
            static row => new Consent { Scopes = row.GetString(0), Claims = row.GetString(1), GrantedAt = row.Time(2) },
            cancellationToken,
            userId,
            clientId);

    private async Task<Answer> TryAllowAsync(Guid userId, string subject, string clientId, string sid,
        IReadOnlyCollection<string> scopes, IReadOnlyCollection<string> claims, CancellationToken cancellationToken)
    {
        var before = await ReadAsync(userId, clientId, cancellationToken);
        var (allScopes, allClaims) = (Join(before?.Scopes ?? "", scopes), Join(before?.Claims ?? "", claims));
        var now = clock.GetUtcNow().UtcDateTime;
        return await statements.WriteAsync(
            async writer =>
            {
                if ((before is null && await writer.ExecuteAsync(holdClient, clientId) == 0) || !await LiveSession.HoldAsync(writer, sid))
                {
                    return Answer.Gone;
                }

                var written = before is null
                    ? await writer.ExecuteAsync(add, Guid.CreateVersion7(), userId, clientId, allScopes, allClaims, now)
                    : await writer.ExecuteAsync(extend, allScopes, allClaims, now, userId, clientId, before.Scopes, before.Claims);
                if (written == 0)
                {
                    return Answer.Overtaken;
                }

                await audit.AddAsync(writer, AuditEventType.ConsentGranted, succeeded: true, subject, clientId, sid, string.Join(' ', scopes.Concat(claims)));
                return Answer.Written;
            },
            cancellationToken);
    }

    private static string Join(string before, IEnumerable<string> added) =>
        string.Join(' ', Split(before).Union(added, StringComparer.Ordinal).Order(StringComparer.Ordinal));

    private static HashSet<string> Split(string names) =>
        names.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);

    private enum Answer
    {
        Written,

        /// <summary>Another one was written since what was allowed before was read.</summary>
        Overtaken,

        Gone,
    }
}

/// <param name="Scopes">Every scope allowed so far.</param>
/// <param name="Claims">Every claim allowed by name so far.</param>
/// <param name="GrantedAt">When the person last answered: <c>prompt=consent</c> wants an answer newer than the request.</param>
internal sealed record ConsentRecord(IReadOnlySet<string> Scopes, IReadOnlySet<string> Claims, DateTime GrantedAt)
{
    public bool Covers(IEnumerable<string> scopes) => scopes.All(Scopes.Contains);

    public bool CoversClaims(IEnumerable<string> claims) => claims.All(Claims.Contains);
}
