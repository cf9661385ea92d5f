using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Session = IdentityProvider.Sessions.Session;

namespace IdentityProvider.Grants;

/// <summary>
/// Removes codes and refresh tokens that expired, the grants that nothing hangs on any more, and revocations of access tokens that expired.
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
        // What was given in a session that lives on tells whom to tell of its end.
        await db.Set<Grant>().Where(grant => grant.CreationDate < created && !db.Set<Token>().Any(token => token.AuthorizationId == grant.Id)
                && !db.Set<Session>().Any(session => session.Id == grant.SessionId && session.EndedAt == null && session.ExpiresAt > now))
            .PruneAsync(cancellationToken);
        await db.Set<RevokedAccessToken>().Where(revoked => revoked.ExpiresAt < now).PruneAsync(cancellationToken);
    }
}
