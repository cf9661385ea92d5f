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

    /// <summary>What somebody holds at this moment.</summary>
    public IReadOnlySet<ResourcePermission> HeldNow(Guid holder) =>
        Held([.. assigned[holder].Where(item => item.Period.NotBefore is not { } start || start <= now)]);

    /// <summary>What somebody holds now or will by what is assigned already.</summary>
    public IReadOnlySet<ResourcePermission> HeldEver(Guid holder) => Held([.. assigned[holder]]);

    private IReadOnlySet<ResourcePermission> Held(IReadOnlyList<ReachAssignment> items) => new Reach(model, items).Permissions;

    private sealed record Assigned(Guid Holder, bool IsGroup, Guid To, DateTime? NotBefore, DateTime? ExpiresAt);
}
