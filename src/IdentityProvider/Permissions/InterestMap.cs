using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Permissions;

/// <summary>Which roles and groups bring interests that do not go together with all others, as the caller's transaction sees them.</summary>
internal sealed class InterestMap
{
    private readonly Dictionary<Guid, Interests> roles;
    private readonly Dictionary<Guid, Interests> groups;

    private InterestMap(Dictionary<Guid, Interests> roles, Dictionary<Guid, Interests> groups, Conflicts conflicts)
    {
        (this.roles, this.groups, Conflicts) = (roles, groups, conflicts);
        (Roles, Groups) = ([.. roles.Keys], [.. groups.Keys]);
    }

    public static InterestMap Empty { get; } = new([], [], Conflicts.OfDuties);

    public Conflicts Conflicts { get; }

    /// <summary>The roles that bring any, themselves or by inheritance. None where nothing could conflict: on most servers there is but the administrator.</summary>
    public IReadOnlyList<Guid> Roles { get; }

    /// <summary>The groups that bring any.</summary>
    public IReadOnlyList<Guid> Groups { get; }

    /// <summary>What the roles, by their keys, would have that nobody has together.</summary>
    public IEnumerable<(Guid Key, string What)> RolesInConflict => InConflict(roles);

    /// <summary>What the groups, by their keys, would bring that nobody has together.</summary>
    public IEnumerable<(Guid Key, string What)> GroupsInConflict => InConflict(groups);

    public static async Task<InterestMap> ReadAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var conflicts = await ConflictsAsync(db, cancellationToken);
        var roles = await DutiesAsync(db, cancellationToken);
        foreach (var role in conflicts.Roles)
        {
            roles[role] = roles.GetValueOrDefault(role, Interests.None).With(new Interests(Duties.None, [role]));
        }

        if (roles.Count == 0)
        {
            return Empty;
        }

        Spread(roles, (await db.Set<RoleInheritance>().AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.InheritedId, row => row.RoleId));
        var groups = (await db.Set<GroupRole>().AsNoTracking().ToListAsync(cancellationToken)).Where(row => roles.ContainsKey(row.RoleId))
            .GroupBy(row => row.GroupId).ToDictionary(brought => brought.Key, brought => brought.Aggregate(Interests.None, (all, row) => all.With(roles[row.RoleId])));
        return new InterestMap(roles, groups, conflicts);
    }

    public Interests Of(Guid roleOrGroup) => roles.GetValueOrDefault(roleOrGroup) ?? groups.GetValueOrDefault(roleOrGroup, Interests.None);

    private static async Task<Conflicts> ConflictsAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var pairs = await db.Set<RoleConflict>().AsNoTracking().ToListAsync(cancellationToken);
        if (pairs.Count == 0)
        {
            return Conflicts.OfDuties;
        }

        var names = await db.Roles.AsNoTracking()
            .Where(role => db.Set<RoleConflict>().Any(row => row.RoleId == role.Id || row.OtherId == role.Id))
            .ToDictionaryAsync(role => role.Id, role => role.Name!, cancellationToken);
        return new Conflicts(pairs.Select(row => (row.RoleId, row.OtherId)), names);
    }

    // Only where there are several: one duty alone conflicts with nothing.
    private static async Task<Dictionary<Guid, Interests>> DutiesAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var names = BuiltInRole.All.Select(role => role.Name.ToUpperInvariant()).ToList();
        var rows = await db.Roles.AsNoTracking().Where(role => names.Contains(role.NormalizedName!))
            .Select(role => new { role.Id, role.Name }).ToListAsync(cancellationToken);
        var duties = rows.Select(row => (row.Id, BuiltIn: BuiltInRole.Of(row.Id, row.Name!)))
            .Where(row => row.BuiltIn is not null).ToDictionary(row => row.Id, row => row.BuiltIn!.Duties);
        return duties.Values.Aggregate(Duties.None, static (all, own) => all | own).Conflict()
            ? duties.ToDictionary(role => role.Key, role => new Interests(role.Value, []))
            : [];
    }

    // Interests only ever grow, so this ends in circles too.
    private static void Spread(Dictionary<Guid, Interests> roles, ILookup<Guid, Guid> heirs)
    {
        var waiting = new Queue<Guid>(roles.Keys);
        while (waiting.TryDequeue(out var role))
        {
            foreach (var heir in heirs[role])
            {
                var before = roles.GetValueOrDefault(heir, Interests.None);
                if (!before.Covers(roles[role]))
                {
                    roles[heir] = before.With(roles[role]);
                    waiting.Enqueue(heir);
                }
            }
        }
    }

    private IEnumerable<(Guid Key, string What)> InConflict(Dictionary<Guid, Interests> brought) =>
        brought.SelectMany(item => Conflicts.Among(item.Value).Select(what => (item.Key, what)));
}
