using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Permissions;

/// <summary>What has duties that nobody has together.</summary>
internal enum BreachKind
{
    Role,
    Group,
    Person,
    Client,
}

/// <summary>A breach of the separation of duties.</summary>
/// <param name="Key">The key of the row.</param>
/// <param name="Name">The name of the role or group, a user name or a client id.</param>
internal sealed record SeparationBreach(BreachKind Kind, Guid Key, string Name, Duties Duties)
{
    public string Sentence => $"The {Kind.ToString().ToLowerInvariant()} {Name} would have {Duties.Tell()}: duties of this server's administration that nobody has together.";
}

/// <summary>
/// Separation of duties (NIST RBAC, static): whoever manages keeps no keys and reads no audit trail, and the reverse. It counts by whichever roles,
/// inherited ones and those of groups, and at which moment. Asked in the transaction that assigns; what it could not see is caught where permissions are used.
/// </summary>
internal static class Separation
{
    /// <summary>Every breach among what the caller's transaction has saved.</summary>
    public static async Task<IReadOnlyList<SeparationBreach>> FindAsync(AppDbContext db, DateTime now, CancellationToken cancellationToken)
    {
        var map = await DutyMap.ReadAsync(db, cancellationToken);
        if (!map.MayConflict)
        {
            return [];
        }

        var users = await db.UserRoles.Where(row => map.Roles.Contains(row.RoleId))
            .Select(row => new Assigned(row.UserId, row.RoleId, row.NotBefore, row.ExpiresAt)).ToListAsync(cancellationToken);
        var members = await db.Set<GroupUser>().Where(row => map.Groups.Contains(row.GroupId))
            .Select(row => new Assigned(row.UserId, row.GroupId, row.NotBefore, row.ExpiresAt)).ToListAsync(cancellationToken);
        var clients = await db.Set<ClientRole>().Where(row => map.Roles.Contains(row.RoleId))
            .Select(row => new Assigned(row.ClientId, row.RoleId, row.NotBefore, row.ExpiresAt)).ToListAsync(cancellationToken);
        var machines = await db.Set<GroupClient>().Where(row => map.Groups.Contains(row.GroupId))
            .Select(row => new Assigned(row.ClientId, row.GroupId, row.NotBefore, row.ExpiresAt)).ToListAsync(cancellationToken);

        var people = Conflicts(users.Concat(members), map, now);
        var others = Conflicts(clients.Concat(machines), map, now);
        return
        [
            .. map.Breaches,
            .. await NamedAsync(BreachKind.Person, people,
                key => db.Users.Where(user => user.Id == key).Select(user => user.UserName!).SingleAsync(cancellationToken)),
            .. await NamedAsync(BreachKind.Client, others,
                key => db.Set<Client>().Where(client => client.Id == key).Select(client => client.ClientId!).SingleAsync(cancellationToken)),
        ];
    }

    /// <summary>The duties that somebody with exactly these roles would have together, where nobody may; otherwise none.</summary>
    public static async Task<Duties> OfRolesAsync(
        AppDbContext db, IReadOnlyDictionary<Guid, Period> roles, DateTime now, CancellationToken cancellationToken)
    {
        var map = roles.Count == 0 ? DutyMap.Empty : await DutyMap.ReadAsync(db, cancellationToken);
        return Conflict(roles.Select(role => (map.Of(role.Key), role.Value)), now);
    }

    /// <summary>The duties that meet at any moment from now on, where they conflict; otherwise none. Pure.</summary>
    public static Duties Conflict(IEnumerable<(Duties Duties, Period Period)> assigned, DateTime now)
    {
        var counting = assigned.Where(item => item.Duties != Duties.None && (item.Period.ExpiresAt is not { } end || end > now)).ToList();
        // What somebody has grows only when something begins.
        return counting.Select(item => item.Period.NotBefore is { } start && start > now ? start : now).Distinct()
            .Select(moment => counting
                .Where(item => (item.Period.NotBefore ?? moment) <= moment && (item.Period.ExpiresAt is not { } end || end > moment))
                .Aggregate(Duties.None, static (duties, item) => duties | item.Duties))
            .FirstOrDefault(duties => duties.Conflict());
    }

    private static Dictionary<Guid, Duties> Conflicts(IEnumerable<Assigned> assigned, DutyMap map, DateTime now) => assigned.GroupBy(row => row.Holder)
        .Select(rows => (Holder: rows.Key, Duties: Conflict(rows.Select(row => (map.Of(row.To), new Period(row.NotBefore, row.ExpiresAt))), now)))
        .Where(found => found.Duties != Duties.None)
        .ToDictionary(found => found.Holder, found => found.Duties);

    private static async Task<IEnumerable<SeparationBreach>> NamedAsync(
        BreachKind kind, Dictionary<Guid, Duties> found, Func<Guid, Task<string>> nameOf)
    {
        var breaches = new List<SeparationBreach>();
        foreach (var (key, duties) in found)
        {
            breaches.Add(new SeparationBreach(kind, key, await nameOf(key), duties));
        }

        return breaches;
    }

    private sealed record Assigned(Guid Holder, Guid To, DateTime? NotBefore, DateTime? ExpiresAt);
}
