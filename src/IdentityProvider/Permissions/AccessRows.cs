using System.Data.Common;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Permissions;

/// <summary>Reads the whole model from its rows.</summary>
internal static class AccessRows
{
    // The administration owns its permissions everywhere, but where nobody was ever given one of its roles nothing is to be read for it.
    private static readonly Statement anyOwned = new(
        $"""
        SELECT 1 WHERE EXISTS (SELECT 1 FROM "Permissions")
        OR EXISTS (SELECT 1 FROM "Roles" AS r WHERE r."NormalizedName" IN ({string.Join(", ", BuiltInRole.All.Select(role => $"'{role.Name.ToUpperInvariant()}'"))}))
        """);

    // One statement, because both databases answer one from one moment: read one after the other, new roles could grant what the old ones did.
    private static readonly Statement all = new(
        $"""
        SELECT {(int)Kind.Role}, "Id", "Id", "Name", COALESCE("NormalizedName", '') FROM "Roles"
        UNION ALL
        SELECT {(int)Kind.Inheritance}, "RoleId", "InheritedId", '', '' FROM "RoleInheritances"
        UNION ALL
        SELECT {(int)Kind.Group}, "Id", "Id", "Name", '' FROM "Groups"
        UNION ALL
        SELECT {(int)Kind.Brought}, "GroupId", "RoleId", '', '' FROM "GroupRoles"
        UNION ALL
        SELECT {(int)Kind.Owned}, p."Id", p."ResourceId", r."Identifier", p."Name" FROM "ApiResources" AS r INNER JOIN "Permissions" AS p ON p."ResourceId" = r."Id"
        UNION ALL
        SELECT {(int)Kind.Grant}, "RoleId", "PermissionId", '', '' FROM "RolePermissions"
        """);

    private enum Kind
    {
        Role,
        Inheritance,
        Group,
        Brought,
        Owned,
        Grant,
    }

    /// <summary>As it is at one moment.</summary>
    public static async Task<AccessModel> ReadAsync(Statements statements, CancellationToken cancellationToken)
    {
        if (!await statements.AnyAsync(anyOwned, cancellationToken))
        {
            // Roles and groups mean nothing anywhere: most servers need not read them.
            return new AccessModel([], [], [], []);
        }

        return Model((await statements.ReadAllAsync(all, Read, cancellationToken)).ToLookup(row => row.Kind));
    }

    /// <summary>No more than what leads to permissions of the administration, within the caller's transaction.</summary>
    public static async Task<AccessModel> ReadAdministrationAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        List<Row> rows =
        [
            .. await db.Set<RoleInheritance>().Select(row => new Row(Kind.Inheritance, row.RoleId, row.InheritedId, "", "")).ToListAsync(cancellationToken),
            .. await db.Roles.Select(role => new Row(Kind.Role, role.Id, role.Id, role.Name!, role.NormalizedName ?? "")).ToListAsync(cancellationToken),
        ];
        if (!rows.Exists(row => row.Kind == Kind.Role && BuiltInRole.Of(row.From, row.Name) is not null))
        {
            return new AccessModel([], [], [], []);
        }

        rows.AddRange(await db.Set<GroupRole>().Select(row => new Row(Kind.Brought, row.GroupId, row.RoleId, "", "")).ToListAsync(cancellationToken));
        rows.AddRange(await db.Set<Group>().Select(group => new Row(Kind.Group, group.Id, group.Id, group.Name, "")).ToListAsync(cancellationToken));
        return Model(rows.ToLookup(row => row.Kind));
    }

    private static AccessModel Model(ILookup<Kind, Row> rows)
    {
        var inherited = rows[Kind.Inheritance].ToLookup(row => row.From, row => row.To);
        var brought = rows[Kind.Brought].ToLookup(row => row.From, row => row.To);
        var roles = rows[Kind.Role].Select(row => new RoleDefinition(row.From, row.Name, [.. inherited[row.From]])).ToList();
        var owned = rows[Kind.Owned].ToDictionary(row => row.From, row => new OwnedPermission(row.Name, row.Second));
        return new AccessModel(
            roles,
            rows[Kind.Group].Select(row => new GroupDefinition(row.From, row.Name, [.. brought[row.From]])),
            [
                .. owned.Values,
                .. rows[Kind.Role].Any(row => BuiltInRole.Named(row.Second) is not null) ? OfAdministration : [],
            ],
            [
                .. rows[Kind.Grant].Where(row => owned.ContainsKey(row.To)).Select(row => new Granting(row.From, owned[row.To].Resource, owned[row.To].Name)),
                .. roles.SelectMany(BuiltIn),
            ]);
    }

    private static IEnumerable<OwnedPermission> OfAdministration =>
        AdministrationPermission.All.Select(permission => new OwnedPermission(AdministrationResource.Identifier, permission.Name));

    private static IEnumerable<Granting> BuiltIn(RoleDefinition role) =>
        BuiltInRole.Of(role.Id, role.Name) is { } builtIn
            ? builtIn.Permissions.Select(permission => new Granting(role.Id, AdministrationResource.Identifier, permission.Name))
            : [];

    private static Row Read(DbDataReader row) => new((Kind)row.GetInt32(0), row.GetGuid(1), row.GetGuid(2), row.GetString(3), row.GetString(4));

    /// <param name="From">The key of the role, group or permission that it is, or of what leads to <paramref name="To"/>.</param>
    /// <param name="Name">Of a permission: its resource.</param>
    /// <param name="Second">Of a permission: its name. Of a role: the name by which it is compared.</param>
    private sealed record Row(Kind Kind, Guid From, Guid To, string Name, string Second);
}
