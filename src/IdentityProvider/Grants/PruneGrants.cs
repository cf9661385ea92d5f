using IdentityProvider.Data;
using IdentityProvider.Jobs;

namespace IdentityProvider.Grants;

/// <summary>
/// Removes codes and refresh tokens that expired, the grants that nothing hangs on any more and whose session is over, and revocations of access tokens that expired.
/// A redeemed token stays until it would have expired: until then its reuse must be noticed (RFC 9700 §4.14.2).
/// </summary>
internal sealed class PruneGrants : PruningJob
{
    // No access token lives longer than a day, and one without a row needs its grant for as long as it lives.
    private static readonly TimeSpan afterExpiry = TimeSpan.FromDays(1);
    private static readonly TimeSpan afterCreation = TimeSpan.FromDays(2);

    private static readonly OutdatedRows tokens = new("Tokens", key: "Id", time: "ExpirationDate");

    // As long as the session lives, and while the browser that ended it is still telling them, its grants tell which clients are to hear of its end.
    private static readonly OutdatedRows grants = new(
        "Grants", key: "Id", time: "CreationDate",
        condition: """
        NOT EXISTS (SELECT 1 FROM "Tokens" WHERE "Tokens"."AuthorizationId" = "Grants"."Id")
        AND NOT EXISTS (SELECT 1 FROM "Sessions" WHERE "Sessions"."Id" = "Grants"."SessionId"
            AND ("Sessions"."EndedAt" IS NULL OR "Sessions"."EndedAt" > @expired) AND "Sessions"."ExpiresAt" > @expired)
        """,
        parameters: "@expired");

    private static readonly OutdatedRows revocations = new("RevokedAccessTokens", key: "Jti", time: "ExpiresAt");

    public override string Name => "grants.prune";

    protected override IEnumerable<Outdated> OutdatedAt(DateTime now)
    {
        var expired = now - afterExpiry;
        return [new(tokens, expired), new(grants, now - afterCreation, expired), new(revocations, now)];
    }
}
