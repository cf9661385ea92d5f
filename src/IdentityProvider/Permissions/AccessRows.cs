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

    private static readonly Statement owners = new(
        """SELECT r."Identifier" FROM "ApiResources" AS r WHERE EXISTS (SELECT 1 FROM "Permissions" AS p WHERE p."ResourceId" = r."Id")""");

    private static readonly Statement grants = new(
        """
        SELECT g."RoleId", r."Identifier", p."Name" FROM "RolePermissions" AS g
        INNER JOIN "Permissions" AS p ON p."Id" = g."PermissionId" INNER JOIN "ApiResources" AS r ON r."Id" = p."ResourceId"
        """);

    public static async Task<AccessModel> ReadAsync(Statements statements, CancellationToken cancellationToken)
    {
        var owning = await statements.ReadAllAsync(owners, static row => row.GetString(0), cancellationToken);
        if (owning.Count == 0)
        {
            // Roles and groups mean nothing anywhere: most servers need not read them.
            return new AccessModel([], [], [], []);
        }

        var inherited = (await statements.ReadAllAsync(inheritances, Pair, cancellationToken)).ToLookup(pair => pair.From, pair => pair.To);
        var brought = (await statements.ReadAllAsync(groupRoles, Pair, cancellationToken)).ToLookup(pair => pair.From, pair => pair.To);
        return new AccessModel(
            await statements.ReadAllAsync(roles, row => new RoleDefinition(row.GetGuid(0), row.GetString(1), [.. inherited[row.GetGuid(0)]]), cancellationToken),
            await statements.ReadAllAsync(groups, row => new GroupDefinition(row.GetGuid(0), row.GetString(1), [.. brought[row.GetGuid(0)]]), cancellationToken),
            owning,
            await statements.ReadAllAsync(grants, static row => new Granting(row.GetGuid(0), row.GetString(1), row.GetString(2)), cancellationToken));
    }

    private static (Guid From, Guid To) Pair(DbDataReader row) => (row.GetGuid(0), row.GetGuid(1));
}
