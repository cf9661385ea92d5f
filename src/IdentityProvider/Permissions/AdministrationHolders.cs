using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Permissions;

/// <summary>How much of this server's administration people and clients hold, as one transaction sees it at one moment.</summary>
internal sealed class AdministrationHolders
{
    private readonly AccessModel model;
    private readonly ILookup<Guid, ReachAssignment> assigned;
    private readonly DateTime now;

    private AdministrationHolders(AccessModel model, IEnumerable<Assigned> assigned, DateTime now)
    {
        this.model = model;
        this.assigned = assigned.Where(row => row.ExpiresAt is not { } end || end > now)
            .ToLookup(row => row.Holder, row => new ReachAssignment(row.IsGroup, row.To, new Period(row.NotBefore, row.ExpiresAt)));
        this.now = now;
    }

    /// <summary>The keys of all who hold anything, now or by an assignment that has yet to begin.</summary>
    public IEnumerable<Guid> Keys => assigned.Select(holder => holder.Key);

    public static async Task<AdministrationHolders> ReadAsync(AppDbContext db, DateTime now, CancellationToken cancellationToken)
    {
        var model = await AccessRows.ReadAdministrationAsync(db, cancellationToken);
        if (model.FindGrants(AdministrationResource.Identifier) is not { } grants)
        {
            return new AdministrationHolders(model, [], now);
        }

        var roles = grants.Roles.ToList();
        var groups = await db.Set<GroupRole>().Where(row => roles.Contains(row.RoleId)).Select(row => row.GroupId).Distinct().ToListAsync(cancellationToken);
        return new AdministrationHolders(
            model,
            [
                .. await db.UserRoles.Where(row => roles.Contains(row.RoleId))
                    .Select(row => new Assigned(row.UserId, false, row.RoleId, row.NotBefore, row.ExpiresAt)).ToListAsync(cancellationToken),
                .. await db.Set<GroupUser>().Where(row => groups.Contains(row.GroupId))
                    .Select(row => new Assigned(row.UserId, true, row.GroupId, row.NotBefore, row.ExpiresAt)).ToListAsync(cancellationToken),
                .. await db.Set<ClientRole>().Where(row => roles.Contains(row.RoleId))
                    .Select(row => new Assigned(row.ClientId, false, row.RoleId, row.NotBefore, row.ExpiresAt)).ToListAsync(cancellationToken),
                .. await db.Set<GroupClient>().Where(row => groups.Contains(row.GroupId))
                    .Select(row => new Assigned(row.ClientId, true, row.GroupId, row.NotBefore, row.ExpiresAt)).ToListAsync(cancellationToken),
            ],
            now);
    }

    /// <summary>Whether somebody holds more, or something for longer, than they did before; what has yet to begin counts.</summary>
    public bool HasGrown(Guid holder, AdministrationHolders before) => !Cover(before.Ends(before.assigned[holder]), Ends(assigned[holder]));

    /// <summary>Whether one holds at this moment all that the other holds now or will, and for as long.</summary>
    public bool HoldsAsMuch(Guid one, Guid other) =>
        Cover(Ends(assigned[one].Where(item => item.Period.NotBefore is not { } start || start <= now)), Ends(assigned[other]));

    private static bool Cover(IReadOnlyDictionary<ResourcePermission, DateTime> all, IReadOnlyDictionary<ResourcePermission, DateTime> some) =>
        some.All(item => all.TryGetValue(item.Key, out var end) && end >= item.Value);

    private IReadOnlyDictionary<ResourcePermission, DateTime> Ends(IEnumerable<ReachAssignment> items) => Reach.Ends(model, items);

    private sealed record Assigned(Guid Holder, bool IsGroup, Guid To, DateTime? NotBefore, DateTime? ExpiresAt);
}
