using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Permissions;

/// <summary>Which roles and groups bring duties of this server's administration, as the caller's transaction sees them.</summary>
internal sealed class DutyMap
{
    private readonly Dictionary<Guid, Duties> duties;

    private DutyMap(Dictionary<Guid, Duties> roles, Dictionary<Guid, Duties> groups, IReadOnlyList<SeparationBreach> breaches)
    {
        duties = new Dictionary<Guid, Duties>([.. roles, .. groups]);
        (Roles, Groups, Breaches) = ([.. roles.Keys], [.. groups.Keys], breaches);
    }

    public static DutyMap Empty { get; } = new([], [], []);

    /// <summary>The roles that bring any, themselves or by inheritance.</summary>
    public IReadOnlyList<Guid> Roles { get; }

    /// <summary>The groups that bring any.</summary>
    public IReadOnlyList<Guid> Groups { get; }

    /// <summary>Roles and groups that would bring duties together which nobody has together.</summary>
    public IReadOnlyList<SeparationBreach> Breaches { get; }

    /// <summary>Whether there are several duties at all: on most servers there is but the administrator.</summary>
    public bool MayConflict => duties.Values.Aggregate(Duties.None, static (all, own) => all | own).Conflict();

    public static async Task<DutyMap> ReadAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var names = BuiltInRole.All.Select(role => role.Name.ToUpperInvariant()).ToList();
        var rows = await db.Roles.AsNoTracking().Where(role => names.Contains(role.NormalizedName!))
            .Select(role => new { role.Id, role.Name }).ToListAsync(cancellationToken);
        var roles = rows.Select(row => (row.Id, BuiltIn: BuiltInRole.Of(row.Id, row.Name!)))
            .Where(row => row.BuiltIn is not null).ToDictionary(row => row.Id, row => row.BuiltIn!.Duties);
        if (!roles.Values.Aggregate(Duties.None, static (all, own) => all | own).Conflict())
        {
            return Empty;
        }

        var heirs = (await db.Set<RoleInheritance>().AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.InheritedId, row => row.RoleId);
        Spread(roles, heirs);
        var groups = (await db.Set<GroupRole>().AsNoTracking().ToListAsync(cancellationToken)).Where(row => roles.ContainsKey(row.RoleId))
            .GroupBy(row => row.GroupId).ToDictionary(brought => brought.Key, brought => brought.Aggregate(Duties.None, (all, row) => all | roles[row.RoleId]));

        return new DutyMap(roles, groups, [.. await RolesInBreachAsync(db, roles, cancellationToken), .. await GroupsInBreachAsync(db, groups, cancellationToken)]);
    }

    public Duties Of(Guid roleOrGroup) => duties.GetValueOrDefault(roleOrGroup);

    // Duties only ever grow, so this ends in circles too.
    private static void Spread(Dictionary<Guid, Duties> roles, ILookup<Guid, Guid> heirs)
    {
        var waiting = new Queue<Guid>(roles.Keys);
        while (waiting.TryDequeue(out var role))
        {
            foreach (var heir in heirs[role])
            {
                var before = roles.GetValueOrDefault(heir);
                roles[heir] = before | roles[role];
                if (roles[heir] != before)
                {
                    waiting.Enqueue(heir);
                }
            }
        }
    }

    private static async Task<IEnumerable<SeparationBreach>> RolesInBreachAsync(AppDbContext db, Dictionary<Guid, Duties> roles, CancellationToken cancellationToken)
    {
        var breaches = new List<SeparationBreach>();
        foreach (var (key, duties) in roles.Where(role => role.Value.Conflict()))
        {
            var name = await db.Roles.Where(role => role.Id == key).Select(role => role.Name!).SingleAsync(cancellationToken);
            breaches.Add(new SeparationBreach(BreachKind.Role, key, name, duties));
        }

        return breaches;
    }

    private static async Task<IEnumerable<SeparationBreach>> GroupsInBreachAsync(AppDbContext db, Dictionary<Guid, Duties> groups, CancellationToken cancellationToken)
    {
        var breaches = new List<SeparationBreach>();
        foreach (var (key, duties) in groups.Where(group => group.Value.Conflict()))
        {
            var name = await db.Set<Group>().Where(group => group.Id == key).Select(group => group.Name).SingleAsync(cancellationToken);
            breaches.Add(new SeparationBreach(BreachKind.Group, key, name, duties));
        }

        return breaches;
    }
}
