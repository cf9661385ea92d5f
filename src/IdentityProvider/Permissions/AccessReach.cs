using System.Data.Common;
using System.Diagnostics;
using IdentityProvider.Data;

namespace IdentityProvider.Permissions;

/// <summary>
/// All that somebody holds, at all resources together: what they may pass on, and what whoever acts on them must hold too.
/// </summary>
internal sealed class AccessReach(Statements statements, TimeProvider clock)
{
    // Somebody who may not sign in holds nothing now; what was assigned to them comes back when they may.
    private static readonly Statement ofPersonNow = Of(
        "UserRoles", "GroupUsers", """INNER JOIN "Users" AS h ON h."Id" = a."UserId" """, """h."Subject" = @holder AND h."DisabledAt" IS NULL""");

    private static readonly Statement ofPersonEver = Of(
        "UserRoles", "GroupUsers", """INNER JOIN "Users" AS h ON h."Id" = a."UserId" """, """h."Subject" = @holder""");

    private static readonly Statement ofClient = Of(
        "ClientRoles", "GroupClients", """INNER JOIN "Clients" AS h ON h."Id" = a."ClientId" """, """h."ClientId" = @holder""");

    /// <summary>What somebody holds at this moment.</summary>
    public Task<Reach> NowAsync(AccessModel model, AccessHolder holder, CancellationToken cancellationToken) =>
        ReadAsync(model, holder, ofPersonNow, Now, cancellationToken);

    /// <summary>What somebody holds now or will by what is assigned already.</summary>
    public Task<Reach> EverAsync(AccessModel model, AccessHolder holder, CancellationToken cancellationToken) =>
        ReadAsync(model, holder, ofPersonEver, DateTime.MaxValue, cancellationToken);

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private async Task<Reach> ReadAsync(
        AccessModel model, AccessHolder holder, Statement ofPerson, DateTime begunUntil, CancellationToken cancellationToken)
    {
        var (statement, key) = holder switch
        {
            AccessHolder.Person person => (ofPerson, person.Subject),
            AccessHolder.Client client => (ofClient, client.ClientId),
            _ => throw new UnreachableException($"Unhandled holder {holder}."),
        };
        var assigned = await statements.ReadAllAsync(statement, Assigned, cancellationToken, Now, key);
        return new Reach(model, [.. assigned.Where(row => row.Period.NotBefore is null || row.Period.NotBefore <= begunUntil)]);
    }

    private static Statement Of(string roles, string groups, string holder, string condition) => new(
        $"""
        SELECT 0, a."RoleId", a."NotBefore", a."ExpiresAt" FROM "{roles}" AS a {holder} WHERE {condition} AND (a."ExpiresAt" IS NULL OR a."ExpiresAt" > @now)
        UNION ALL
        SELECT 1, a."GroupId", a."NotBefore", a."ExpiresAt" FROM "{groups}" AS a {holder} WHERE {condition} AND (a."ExpiresAt" IS NULL OR a."ExpiresAt" > @now)
        """,
        "@now", "@holder");

    private static ReachAssignment Assigned(DbDataReader row) => new(row.GetInt32(0) == 1, row.GetGuid(1), new Period(row.Utc(2), row.Utc(3)));
}
