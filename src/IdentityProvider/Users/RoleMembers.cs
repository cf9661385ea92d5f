using IdentityProvider.Data;
using IdentityProvider.Permissions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>Whether anybody has a role, or will have it, directly or by a group, as every start asks. Who had it once does not count.</summary>
internal sealed class RoleMembers(Statements statements, ILookupNormalizer normalizer, TimeProvider clock)
{
    private const string NotOver = """(u."ExpiresAt" IS NULL OR u."ExpiresAt" > @now)""";

    private static readonly Statement find = new(
        $"""
        SELECT 1 FROM "Roles" AS r WHERE r."NormalizedName" = @name
        AND (EXISTS (SELECT 1 FROM "UserRoles" AS u WHERE u."RoleId" = r."Id" AND {NotOver})
        OR EXISTS (SELECT 1 FROM "GroupRoles" AS g INNER JOIN "GroupUsers" AS u ON u."GroupId" = g."GroupId" WHERE g."RoleId" = r."Id" AND {NotOver}))
        """,
        "@name", "@now");

    /// <summary>Among what is committed.</summary>
    public ValueTask<bool> AnyAsync(string role, CancellationToken cancellationToken) =>
        statements.AnyAsync(find, cancellationToken, normalizer.NormalizeName(role), clock.GetUtcNow().UtcDateTime);

    /// <summary>Within the caller's transaction, which has a connection of the pool and must not wait for another one.</summary>
    public Task<bool> AnyAsync(AppDbContext db, string role, CancellationToken cancellationToken)
    {
        var (name, now) = (normalizer.NormalizeName(role), clock.GetUtcNow().UtcDateTime);
        return db.Roles.AnyAsync(
            role => role.NormalizedName == name
                && (db.UserRoles.Any(member => member.RoleId == role.Id && (member.ExpiresAt == null || member.ExpiresAt > now))
                    || db.Set<GroupRole>().Any(brought => brought.RoleId == role.Id
                        && db.Set<GroupUser>().Any(member => member.GroupId == brought.GroupId && (member.ExpiresAt == null || member.ExpiresAt > now)))),
            cancellationToken);
    }
}
