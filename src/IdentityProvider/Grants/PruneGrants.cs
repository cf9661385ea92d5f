using IdentityProvider.Data;
using IdentityProvider.Jobs;
using IdentityProvider.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Grants;

/// <summary>
/// Removes codes and refresh tokens that expired, the grants that nothing hangs on any more and whose session is over, and revocations of access tokens that expired.
/// A redeemed token stays until it would have expired: until then its reuse must be noticed (RFC 9700 §4.14.2).
/// </summary>
internal sealed class PruneGrants(TimeProvider clock) : RecurringJob
{
    // No access token lives longer than a day, and one without a row needs its grant for as long as it lives.
    private static readonly TimeSpan afterExpiry = TimeSpan.FromDays(1);
    private static readonly TimeSpan afterCreation = TimeSpan.FromDays(2);

    public override string Name => "grants.prune";

    public override TimeSpan Period { get; } = TimeSpan.FromHours(1);

    public override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<AppDbContext>();
        var now = clock.GetUtcNow().UtcDateTime;
        var expired = now - afterExpiry;
        var created = now - afterCreation;
        await db.Set<Token>().Where(token => token.ExpirationDate < expired).PruneAsync(cancellationToken);
        // As long as the session lives, and while the browser that ended it is still telling them, its grants tell which clients are to hear of its end.
        await db.Set<Grant>().Where(grant => grant.CreationDate < created
                && !db.Set<Token>().Any(token => token.AuthorizationId == grant.Id)
                && !db.Set<Session>().Any(session => session.Id == grant.SessionId && (session.EndedAt == null || session.EndedAt > expired) && session.ExpiresAt > expired))
            .PruneAsync(cancellationToken);
        await db.Set<RevokedAccessToken>().Where(revoked => revoked.ExpiresAt < now).PruneAsync(cancellationToken);
    }
}
