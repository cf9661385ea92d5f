using System.Globalization;
using IdentityProvider.Data;
using IdentityProvider.Permissions;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Preview;

/// <summary>Says which roles and groups somebody has been given that do not count at this moment.</summary>
internal sealed class AccessNotes(AppDbContext db, TimeProvider clock)
{
    public async Task<IReadOnlyList<string>> OfPersonAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var roles = from assigned in db.Set<UserRole>().Where(row => row.UserId == userId && (row.NotBefore > now || row.ExpiresAt <= now))
                    join role in db.Roles on assigned.RoleId equals role.Id
                    select new Assignment("role", role.Name!, assigned.NotBefore, assigned.ExpiresAt);
        var groups = from assigned in db.Set<GroupUser>().Where(row => row.UserId == userId && (row.NotBefore > now || row.ExpiresAt <= now))
                     join named in db.Set<Group>() on assigned.GroupId equals named.Id
                     select new Assignment("group", named.Name, assigned.NotBefore, assigned.ExpiresAt);
        return Tell(await roles.AsNoTracking().ToListAsync(cancellationToken), await groups.AsNoTracking().ToListAsync(cancellationToken), now);
    }

    public async Task<IReadOnlyList<string>> OfClientAsync(Guid clientId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var roles = from assigned in db.Set<ClientRole>().Where(row => row.ClientId == clientId && (row.NotBefore > now || row.ExpiresAt <= now))
                    join role in db.Roles on assigned.RoleId equals role.Id
                    select new Assignment("role", role.Name!, assigned.NotBefore, assigned.ExpiresAt);
        var groups = from assigned in db.Set<GroupClient>().Where(row => row.ClientId == clientId && (row.NotBefore > now || row.ExpiresAt <= now))
                     join named in db.Set<Group>() on assigned.GroupId equals named.Id
                     select new Assignment("group", named.Name, assigned.NotBefore, assigned.ExpiresAt);
        return Tell(await roles.AsNoTracking().ToListAsync(cancellationToken), await groups.AsNoTracking().ToListAsync(cancellationToken), now);
    }

    private static List<string> Tell(IEnumerable<Assignment> roles, IEnumerable<Assignment> groups, DateTime now) =>
    [
        .. roles.Concat(groups).OrderBy(assigned => assigned.Name, StringComparer.Ordinal).Select(assigned => assigned.ExpiresAt <= now
            ? $"The {assigned.Kind} {assigned.Name} does not count: it expired at {Moment(assigned.ExpiresAt)}."
            : $"The {assigned.Kind} {assigned.Name} does not count yet: it begins at {Moment(assigned.NotBefore)}."),
    ];

    private static string Moment(DateTime? moment) => moment!.Value.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private sealed record Assignment(string Kind, string Name, DateTime? NotBefore, DateTime? ExpiresAt);
}
