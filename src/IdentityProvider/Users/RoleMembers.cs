using IdentityProvider.Data;
using IdentityProvider.Permissions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>Whether anybody has a role, or will have it, directly, by a group or by a role that inherits it, as every start asks. Who had it once does not count.</summary>
internal sealed class RoleMembers(Statements statements, ILookupNormalizer normalizer, TimeProvider clock)
{
    private const string NotOver = """(u."ExpiresAt" IS NULL OR u."ExpiresAt" > @now)""";

    private static readonly Statement find = new(
        $"""
        WITH RECURSIVE bringing("Id") AS (
            SELECT r."Id" FROM "Roles" AS r WHERE r."NormalizedName" = @name
            UNION SELECT i."RoleId" FROM "RoleInheritances" AS i INNER JOIN bringing AS b ON i."InheritedId" = b."Id")
        SELECT 1 FROM bringing AS r
        WHERE EXISTS (SELECT 1 FROM "UserRoles" AS u WHERE u."RoleId" = r."Id" AND {NotOver})
        OR EXISTS (SELECT 1 FROM "GroupRoles" AS g INNER JOIN "GroupUsers" AS u ON u."GroupId" = g."GroupId" WHERE g."RoleId" = r."Id" AND {NotOver})
        """,
        "@name", "@now");

    /// <summary>Among what is committed.</summary>
    public ValueTask<bool> AnyAsync(string role, CancellationToken cancellationToken) =>
        statements.AnyAsync(find, cancellationToken, normalizer.NormalizeName(role), clock.GetUtcNow().UtcDateTime);

    /// <summary>Within the caller's transaction, which has a connection of the pool and must not wait for another one.</summary>
    public async Task<bool> AnyAsync(AppDbContext db, string role, CancellationToken cancellationToken)
    {
        var (name, now) = (normalizer.NormalizeName(role), clock.GetUtcNow().UtcDateTime);
        var heirs = (await db.Set<RoleInheritance>().AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.InheritedId, row => row.RoleId);
        var waiting = new Stack<Guid>(await db.Roles.Where(row => row.NormalizedName == name).Select(row => row.Id).ToListAsync(cancellationToken));
        var bringing = new HashSet<Guid>();
        while (waiting.TryPop(out var next))
        {
            if (bringing.Add(next))
            {
                foreach (var heir in heirs[next])
                {
                    waiting.Push(heir);
                }
            }
        }

        return await db.UserRoles.AnyAsync(member => bringing.Contains(member.RoleId) && (member.ExpiresAt == null || member.ExpiresAt > now), cancellationToken)
            || await db.Set<GroupRole>().AnyAsync(
                brought => bringing.Contains(brought.RoleId)
                    && db.Set<GroupUser>().Any(member => member.GroupId == brought.GroupId && (member.ExpiresAt == null || member.ExpiresAt > now)),
                cancellationToken);
    }
}
