using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Permissions;

/// <summary>What has interests that nobody has together.</summary>
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
/// <param name="What">What it would have that nobody has together, in words.</param>
internal sealed record SeparationBreach(BreachKind Kind, Guid Key, string Name, string What)
{
    public string Sentence => $"The {Kind.ToString().ToLowerInvariant()} {Name} would have {What}.";
}

/// <summary>
/// Separation of duties (NIST RBAC, static): whoever manages this server keeps no keys and reads no audit trail, and the reverse; and nobody has two roles
/// of which one says that it conflicts with the other. It counts by whichever roles, inherited ones and those of groups, and at which moment. Asked in the
/// transaction that assigns; what it could not see of this server's own duties is caught where permissions are used.
/// </summary>
internal static class Separation
{
    // So many names are asked for in one command.
    private const int AtOnce = 500;

    /// <summary>Every breach among what the caller's transaction has saved.</summary>
    public static async Task<IReadOnlyList<SeparationBreach>> FindAsync(AppDbContext db, DateTime now, CancellationToken cancellationToken)
    {
        var map = await InterestMap.ReadAsync(db, cancellationToken);
        if (map.Roles.Count == 0)
        {
            return [];
        }

        var people = InConflict(await OfPeopleAsync(db, map, null, cancellationToken), map, now);
        var clients = InConflict(await OfClientsAsync(db, map, null, cancellationToken), map, now);
        return
        [
            .. await NamedAsync(db, BreachKind.Role, map.RolesInConflict, cancellationToken),
            .. await NamedAsync(db, BreachKind.Group, map.GroupsInConflict, cancellationToken),
            .. await NamedAsync(db, BreachKind.Person, people, cancellationToken),
            .. await NamedAsync(db, BreachKind.Client, clients, cancellationToken),
        ];
    }

    /// <summary>The breaches by one person or client among what the caller's transaction has saved.</summary>
    public static async Task<IReadOnlyList<SeparationBreach>> FindAsync(
        AppDbContext db, Assignee assignee, DateTime now, CancellationToken cancellationToken)
    {
        var map = await InterestMap.ReadAsync(db, cancellationToken);
        return map.Roles.Count == 0 ? []
            : assignee.IsClient
            ? await NamedAsync(db, BreachKind.Client, InConflict(await OfClientsAsync(db, map, assignee.Key, cancellationToken), map, now), cancellationToken)
            : await NamedAsync(db, BreachKind.Person, InConflict(await OfPeopleAsync(db, map, assignee.Key, cancellationToken), map, now), cancellationToken);
    }

    /// <summary>What somebody with exactly these roles would have that nobody has together, in words.</summary>
    public static async Task<IReadOnlyList<string>> OfRolesAsync(
        AppDbContext db, IReadOnlyDictionary<Guid, Period> roles, DateTime now, CancellationToken cancellationToken)
    {
        var map = roles.Count == 0 ? InterestMap.Empty : await InterestMap.ReadAsync(db, cancellationToken);
        return Meeting(roles.Select(role => (map.Of(role.Key), role.Value)), map.Conflicts, now);
    }

    /// <summary>What meets at any moment from now on that nobody has together, in words. Pure.</summary>
    public static IReadOnlyList<string> Meeting(IEnumerable<(Interests Interests, Period Period)> assigned, Conflicts conflicts, DateTime now)
    {
        var counting = assigned.Where(item => !item.Interests.IsNone && (item.Period.ExpiresAt is not { } end || end > now)).ToList();
        // What somebody has grows only when something begins.
        var moments = counting.Select(item => item.Period.NotBefore is { } start && start > now ? start : now).Distinct();
        return
        [
            .. moments.SelectMany(moment => conflicts.Among(counting
                .Where(item => (item.Period.NotBefore ?? moment) <= moment && (item.Period.ExpiresAt is not { } end || end > moment))
                .Aggregate(Interests.None, static (interests, item) => interests.With(item.Interests)))).Distinct(),
        ];
    }

    private static IEnumerable<(Guid Key, string What)> InConflict(IEnumerable<Assigned> assigned, InterestMap map, DateTime now) =>
        assigned.GroupBy(row => row.Holder).SelectMany(rows =>
            Meeting(rows.Select(row => (map.Of(row.To), new Period(row.NotBefore, row.ExpiresAt))), map.Conflicts, now).Select(what => (rows.Key, what)));

    /// <param name="only">The key of the only person that matters; null for all.</param>
    private static async Task<IEnumerable<Assigned>> OfPeopleAsync(AppDbContext db, InterestMap map, Guid? only, CancellationToken cancellationToken)
    {
        var roles = await (only is { } holder ? db.UserRoles.Where(row => row.UserId == holder) : db.UserRoles.Where(row => map.Roles.Contains(row.RoleId)))
            .Select(row => new Assigned(row.UserId, row.RoleId, row.NotBefore, row.ExpiresAt)).ToListAsync(cancellationToken);
        var groups = await (only is { } member ? db.Set<GroupUser>().Where(row => row.UserId == member) : db.Set<GroupUser>().Where(row => map.Groups.Contains(row.GroupId)))
            .Select(row => new Assigned(row.UserId, row.GroupId, row.NotBefore, row.ExpiresAt)).ToListAsync(cancellationToken);
        return roles.Concat(groups);
    }

    /// <param name="only">The key of the only client that matters; null for all.</param>
    private static async Task<IEnumerable<Assigned>> OfClientsAsync(AppDbContext db, InterestMap map, Guid? only, CancellationToken cancellationToken)
    {
        var roles = await (only is { } holder ? db.Set<ClientRole>().Where(row => row.ClientId == holder) : db.Set<ClientRole>().Where(row => map.Roles.Contains(row.RoleId)))
            .Select(row => new Assigned(row.ClientId, row.RoleId, row.NotBefore, row.ExpiresAt)).ToListAsync(cancellationToken);
        var groups = await (only is { } member ? db.Set<GroupClient>().Where(row => row.ClientId == member) : db.Set<GroupClient>().Where(row => map.Groups.Contains(row.GroupId)))
            .Select(row => new Assigned(row.ClientId, row.GroupId, row.NotBefore, row.ExpiresAt)).ToListAsync(cancellationToken);
        return roles.Concat(groups);
    }

    private static async Task<IReadOnlyList<SeparationBreach>> NamedAsync(
        AppDbContext db, BreachKind kind, IEnumerable<(Guid Key, string What)> found, CancellationToken cancellationToken)
    {
        var breaches = new List<SeparationBreach>();
        foreach (var chunk in found.Chunk(AtOnce))
        {
            var keys = chunk.Select(item => item.Key).Distinct().ToList();
            var names = await (kind switch
            {
                BreachKind.Role => db.Roles.Where(role => keys.Contains(role.Id)).Select(role => KeyValuePair.Create(role.Id, role.Name!)),
                BreachKind.Group => db.Set<Group>().Where(group => keys.Contains(group.Id)).Select(group => KeyValuePair.Create(group.Id, group.Name)),
                BreachKind.Person => db.Users.Where(user => keys.Contains(user.Id)).Select(user => KeyValuePair.Create(user.Id, user.UserName!)),
                _ => db.Set<Client>().Where(client => keys.Contains(client.Id)).Select(client => KeyValuePair.Create(client.Id, client.ClientId!)),
            }).ToListAsync(cancellationToken);
            var called = names.ToDictionary();
            breaches.AddRange(chunk.Select(item => new SeparationBreach(kind, item.Key, called[item.Key], item.What)));
        }

        return breaches;
    }

    private sealed record Assigned(Guid Holder, Guid To, DateTime? NotBefore, DateTime? ExpiresAt);
}
