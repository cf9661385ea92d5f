using System.Data.Common;
using System.Diagnostics;
using IdentityProvider.Data;

namespace IdentityProvider.Permissions;

/// <summary>
/// All that somebody holds, at all resources together: what they may pass on, and what whoever acts on them must hold too.
/// </summary>
internal sealed class AccessReach(Statements statements, TimeProvider clock)
{
    private static readonly Statement ofPersonNow = Of(AssignmentsOf.Person);
    private static readonly Statement ofPersonEver = Of(AssignmentsOf.AnyPerson);
    private static readonly Statement ofClient = Of(AssignmentsOf.Client);

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

    private static Statement Of(AssignmentsOf holder) => new(holder.Select(AssignmentsOf.NotOver, "NotBefore", "ExpiresAt"), "@now", "@holder");

    private static ReachAssignment Assigned(DbDataReader row) =>
        new(row.GetInt32(0) == (int)AssignedKind.Group, row.GetGuid(1), new Period(row.Utc(2), row.Utc(3)));
}
