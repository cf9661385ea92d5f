using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Grants;

/// <summary>
/// Removes codes and refresh tokens that expired, the grants that nothing hangs on any more and whose session is over, and revocations of access tokens that expired.
/// A redeemed token stays until it would have expired: until then its reuse must be noticed (RFC 9700 §4.14.2).
/// </summary>
internal sealed class PruneGrants(TimeProvider clock) : RecurringJob
{
    private static readonly Statement pruneTokens = Pruning.Of("Tokens", "Id", """ "ExpirationDate" < @expired """, "@expired");

    // As long as the session lives, and while the browser that ended it is still telling them, its grants tell which clients are to hear of its end.
    private static readonly Statement pruneGrants = Pruning.Of(
        "Grants", "Id",
        """
        "CreationDate" < @created
        AND NOT EXISTS (SELECT 1 FROM "Tokens" WHERE "Tokens"."AuthorizationId" = "Grants"."Id")
        AND NOT EXISTS (SELECT 1 FROM "Sessions" WHERE "Sessions"."Id" = "Grants"."SessionId"
            AND ("Sessions"."EndedAt" IS NULL OR "Sessions"."EndedAt" > @expired) AND "Sessions"."ExpiresAt" > @expired)
        """,
        "@created", "@expired");

    private static readonly Statement pruneRevocations = Pruning.Of("RevokedAccessTokens", "Jti", """ "ExpiresAt" < @now """, "@now");

    // No access token lives longer than a day, and one without a row needs its grant for as long as it lives.
    private static readonly TimeSpan afterExpiry = TimeSpan.FromDays(1);
    private static readonly TimeSpan afterCreation = TimeSpan.FromDays(2);

    public override string Name => "grants.prune";

    public override TimeSpan Period { get; } = TimeSpan.FromHours(1);

    public override async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var statements = services.GetRequiredService<Statements>();
        var now = clock.GetUtcNow().UtcDateTime;
        var expired = now - afterExpiry;
        var created = now - afterCreation;
        await statements.PruneAsync(pruneTokens, cancellationToken, expired);
        await statements.PruneAsync(pruneGrants, cancellationToken, created, expired);
        await statements.PruneAsync(pruneRevocations, cancellationToken, now);
    }
}
