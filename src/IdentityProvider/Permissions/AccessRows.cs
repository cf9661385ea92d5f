using System.Data.Common;
using IdentityProvider.Data;

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
                .. known.SelectMany(BuiltIn),
            ]);
    }

    private static OwnedPermission[] Owned(DbDataReader row) =>
        row.IsDBNull(1)
            ? [.. AdministrationPermission.All.Select(permission => new OwnedPermission(row.GetString(0), permission.Name))]
            : [new(row.GetString(0), row.GetString(1))];

    private static IEnumerable<Granting> BuiltIn(RoleDefinition role) =>
        BuiltInRole.Of(role.Id, role.Name) is { } builtIn
            ? builtIn.Permissions.Select(permission => new Granting(role.Id, AdministrationResource.Identifier, permission.Name))
            : [];

    private static (Guid From, Guid To) Pair(DbDataReader row) => (row.GetGuid(0), row.GetGuid(1));
}
