using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Consents;

/// <summary>What people allowed clients, remembered per person and client.</summary>
internal sealed class ConsentLedger(AppDbContext db, Statements statements, AuditLog audit, TimeProvider clock)
{
    private static readonly Statement find = new(
        """SELECT c."Scopes", c."Claims", c."GrantedAt" FROM "Consents" AS c WHERE c."UserId" = @user AND c."ClientId" = @client""",
        "@user", "@client");

    /// <summary>What this person has allowed this client so far, or null.</summary>
    public ValueTask<ConsentRecord?> FindAsync(Guid userId, string clientId, CancellationToken cancellationToken) =>
        statements.ReadAsync(
            find,
            static row => new ConsentRecord(Split(row.GetString(0)), Split(row.GetString(1)), row.Time(2)),
            cancellationToken,
            userId,
            clientId);

    /// <summary>Remembers an answer about scopes alone.</summary>
    public Task AllowAsync(
        Guid userId, string subject, string clientId, string sid, IReadOnlyCollection<string> scopes, CancellationToken cancellationToken) =>
        AllowAsync(userId, subject, clientId, sid, scopes, [], cancellationToken);

    /// <summary>Remembers an answer. What was allowed before stays allowed.</summary>
    /// <param name="claims">Claims asked for by name, beyond those of the scopes.</param>
    public async Task AllowAsync(Guid userId, string subject, string clientId, string sid,
        IReadOnlyCollection<string> scopes, IReadOnlyCollection<string> claims, CancellationToken cancellationToken)
    {
        // Two tabs may answer at once; the second finds the row the first made and adds to it.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await SaveAsync(userId, subject, clientId, sid, scopes, claims, cancellationToken);
                return;
            }
            catch (DbUpdateException exception) when (attempt == 0 && exception.IsUniqueViolation())
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    /// <summary>Forgets what anybody allowed a client that is going away: a later client of the same name is another one.</summary>
    public Task ForgetClientAsync(string clientId, CancellationToken cancellationToken) =>
        db.Set<Consent>().Where(consent => consent.ClientId == clientId).ExecuteDeleteAsync(cancellationToken);

    private async Task SaveAsync(Guid userId, string subject, string clientId, string sid,
        IReadOnlyCollection<string> scopes, IReadOnlyCollection<string> claims, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var consent = await db.Set<Consent>()
            .SingleOrDefaultAsync(row => row.UserId == userId && row.ClientId == clientId, cancellationToken);
        if (consent is null)
        {
            consent = new Consent { Id = Guid.CreateVersion7(), UserId = userId, ClientId = clientId };
            db.Add(consent);
        }

        consent.Scopes = Join(consent.Scopes, scopes);
        consent.Claims = Join(consent.Claims, claims);
        consent.GrantedAt = now;
        audit.Add(db, AuditEventType.ConsentGranted, succeeded: true, subject, clientId, sid, string.Join(' ', scopes.Concat(claims)));
        await db.SaveChangesAsync(cancellationToken);
    }

    private static string Join(string before, IEnumerable<string> added) =>
        string.Join(' ', Split(before).Union(added, StringComparer.Ordinal).Order(StringComparer.Ordinal));

    private static HashSet<string> Split(string names) =>
        names.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
}

/// <param name="Scopes">Every scope allowed so far.</param>
/// <param name="Claims">Every claim allowed by name so far.</param>
/// <param name="GrantedAt">When the person last answered: <c>prompt=consent</c> wants an answer newer than the request.</param>
internal sealed record ConsentRecord(IReadOnlySet<string> Scopes, IReadOnlySet<string> Claims, DateTime GrantedAt)
{
    public bool Covers(IEnumerable<string> scopes) => scopes.All(Scopes.Contains);

    public bool CoversClaims(IEnumerable<string> claims) => claims.All(Claims.Contains);
}
