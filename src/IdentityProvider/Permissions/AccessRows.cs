using System.Data.Common;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Permissions;

/// <summary>Reads the whole model from its rows.</summary>
internal static class AccessRows
{
    private static readonly Statement roles = new("""SELECT "Id", "Name" FROM "Roles" """);

    private static readonly Statement inheritances = new("""SELECT "RoleId", "InheritedId" FROM "RoleInheritances" """);

    private static readonly Statement groups = new("""SELECT "Id", "Name" FROM "Groups" """);

    private static readonly Statement groupRoles = new("""SELECT "GroupId", "RoleId" FROM "GroupRoles" """);

    private const string Stamp = """COALESCE((SELECT s."Version" FROM "ChangeStamps" AS s WHERE s."Name" = @stamp), 0)""";

    // The stamp comes in the same statement and so from the same moment. The administration owns its permissions everywhere, but where nobody
    // was ever given one of its roles there is nothing to read for it.
    private static readonly Statement owned = new(
        $"""
        SELECT r."Identifier", p."Name", {Stamp} FROM "ApiResources" AS r INNER JOIN "Permissions" AS p ON p."ResourceId" = r."Id"
        UNION ALL
        SELECT '{AdministrationResource.Identifier}', NULL, {Stamp}
        WHERE EXISTS (SELECT 1 FROM "Roles" AS r WHERE r."NormalizedName" IN ({string.Join(", ", BuiltInRole.All.Select(role => $"'{role.Name.ToUpperInvariant()}'"))}))
        """,
        "@stamp");

    private static readonly Statement moved = new(
        """SELECT 1 FROM "ChangeStamps" WHERE "Name" = @stamp AND "Version" <> @version""", "@stamp", "@version");

    private static readonly Statement grants = new(
        """
        SELECT g."RoleId", r."Identifier", p."Name" FROM "RolePermissions" AS g
        INNER JOIN "Permissions" AS p ON p."Id" = g."PermissionId" INNER JOIN "ApiResources" AS r ON r."Id" = p."ResourceId"
        """);

    /// <summary>As it is at one moment: what changed between two of the statements is read again, lest new roles grant what the old ones did.</summary>
    public static async Task<AccessModel> ReadAsync(Statements statements, CancellationToken cancellationToken)
    {
        while (true)
        {
            var owning = await statements.ReadAllAsync(
                owned, static row => (Permissions: Owned(row), Stamp: row.GetInt64(2)), cancellationToken, ChangeStamps.Permissions);
            if (owning is not [(_, var stamp), ..])
            {
                // Roles and groups mean nothing anywhere: most servers need not read them.
                return new AccessModel([], [], [], []);
            }

            var model = await ReadAsync(statements, [.. owning.SelectMany(row => row.Permissions)], cancellationToken);
            if (!await statements.AnyAsync(moved, cancellationToken, ChangeStamps.Permissions, stamp))
            {
                return model;
            }
        }
    }

    /// <summary>No more than what leads to permissions of the administration, within the caller's transaction.</summary>
    public static async Task<AccessModel> ReadAdministrationAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var roles = await db.Roles.AsNoTracking().Select(role => new { role.Id, role.Name }).ToListAsync(cancellationToken);
        var grants = roles.SelectMany(role => BuiltIn(role.Id, role.Name!)).ToList();
        if (grants.Count == 0)
        {
            return new AccessModel([], [], [], []);
        }

        var inherited = (await db.Set<RoleInheritance>().AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.RoleId, row => row.InheritedId);
        var brought = (await db.Set<GroupRole>().AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.GroupId, row => row.RoleId);
        var groups = await db.Set<Group>().AsNoTracking().Select(group => new { group.Id, group.Name }).ToListAsync(cancellationToken);
        return new AccessModel(
            roles.Select(role => new RoleDefinition(role.Id, role.Name!, [.. inherited[role.Id]])),
            groups.Select(group => new GroupDefinition(group.Id, group.Name, [.. brought[group.Id]])),
            OfAdministration, grants);
    }

    private static async Task<AccessModel> ReadAsync(Statements statements, IReadOnlyList<OwnedPermission> owning, CancellationToken cancellationToken)
    {
        var inherited = (await statements.ReadAllAsync(inheritances, Pair, cancellationToken)).ToLookup(pair => pair.From, pair => pair.To);
        var brought = (await statements.ReadAllAsync(groupRoles, Pair, cancellationToken)).ToLookup(pair => pair.From, pair => pair.To);
        var known = await statements.ReadAllAsync(
            roles, row => new RoleDefinition(row.GetGuid(0), row.GetString(1), [.. inherited[row.GetGuid(0)]]), cancellationToken);
        return new AccessModel(
            known,
            await statements.ReadAllAsync(groups, row => new GroupDefinition(row.GetGuid(0), row.GetString(1), [.. brought[row.GetGuid(0)]]), cancellationToken),
            owning,
            [
                .. await statements.ReadAllAsync(grants, static row => new Granting(row.GetGuid(0), row.GetString(1), row.GetString(2)), cancellationToken),
                .. known.SelectMany(role => BuiltIn(role.Id, role.Name)),
            ]);
    }

    private static IEnumerable<OwnedPermission> OfAdministration =>
        AdministrationPermission.All.Select(permission => new OwnedPermission(AdministrationResource.Identifier, permission.Name));

    private static IEnumerable<OwnedPermission> Owned(DbDataReader row) =>
        row.IsDBNull(1) ? OfAdministration : [new(row.GetString(0), row.GetString(1))];

    private static IEnumerable<Granting> BuiltIn(Guid role, string name) =>
        BuiltInRole.Of(role, name) is { } builtIn
            ? builtIn.Permissions.Select(permission => new Granting(role, AdministrationResource.Identifier, permission.Name))
            : [];

    private static (Guid From, Guid To) Pair(DbDataReader row) => (row.GetGuid(0), row.GetGuid(1));
}
