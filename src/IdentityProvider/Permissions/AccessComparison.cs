using System.Data.Common;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Permissions;

/// <summary>A role, a person or a client by name, and from when until when something ties it.</summary>
internal sealed record NamedLink(string Name, Period Period);

/// <summary>
/// Whether the writers of permissions, roles, grants, groups and assignments would change anything, asked by names and without EF Core. In doubt they would.
/// Each is asked for exactly these: what is stored and not named is a difference too.
/// </summary>
internal sealed class AccessComparison(Statements statements, ILookupNormalizer normalizer)
{
    private static readonly Statement owned = new("""SELECT "Name", "Description" FROM "Permissions" WHERE "ResourceId" = @key""", "@key");

    private static readonly Statement granted = new(
        """
        SELECT r."Identifier", p."Name" FROM "RolePermissions" AS g
        INNER JOIN "Permissions" AS p ON p."Id" = g."PermissionId" INNER JOIN "ApiResources" AS r ON r."Id" = p."ResourceId"
        WHERE g."RoleId" = @key
        """,
        "@key");

    private static readonly Statement inherited = Roles("RoleInheritances", "RoleId", "InheritedId");
    private static readonly Statement conflicting = Roles("RoleConflicts", "RoleId", "OtherId");
    private static readonly Statement brought = Roles("GroupRoles", "GroupId", "RoleId");

    private static readonly Statement inheritances = new("""SELECT "RoleId", "InheritedId" FROM "RoleInheritances" """);

    private static readonly Statement role = Named("Roles");
    private static readonly Statement group = Named("Groups");

    private static readonly Statement people = Links("GroupUsers", "GroupId", "Users", "UserId", "NormalizedUserName");
    private static readonly Statement machines = Links("GroupClients", "GroupId", "Clients", "ClientId", "ClientId");
    private static readonly Statement rolesOfPerson = Links("UserRoles", "UserId", "Roles", "RoleId", "NormalizedName");
    private static readonly Statement rolesOfClient = Links("ClientRoles", "ClientId", "Roles", "RoleId", "NormalizedName");

    /// <summary>Whether the resource of this key owns exactly these permissions, described so.</summary>
    public Task<bool> OwnsAsync(Guid resource, IEnumerable<PermissionDraft> permissions, CancellationToken cancellationToken) =>
        AreAsync(owned, resource, static row => new PermissionDraft(row.GetString(0), row.Text(1)), permissions, cancellationToken);

    /// <summary>The key of the role that is there and already described so, or null.</summary>
    /// <param name="description">Null where the role is to have none.</param>
    /// <param name="isDescribed">False where any description will do.</param>
    public Task<Guid?> FindRoleAsync(string name, string? description, bool isDescribed, CancellationToken cancellationToken) =>
        FindAsync(role, name, description, isDescribed, cancellationToken);

    /// <summary>Whether the role of this key grants exactly these permissions by itself.</summary>
    public Task<bool> GrantsAsync(Guid role, IEnumerable<ResourcePermission> permissions, CancellationToken cancellationToken) =>
        AreAsync(granted, role, static row => new ResourcePermission(row.GetString(0), row.GetString(1)), permissions, cancellationToken);

    /// <summary>Whether the role of this key inherits exactly those of these names.</summary>
    public Task<bool> InheritsAsync(Guid role, IEnumerable<string> roles, CancellationToken cancellationToken) =>
        AreAsync(inherited, role, Name, roles.Select(normalizer.NormalizeName), cancellationToken);

    /// <summary>Whether the role of this key says that it conflicts with exactly those of these names.</summary>
    public Task<bool> ConflictsAsync(Guid role, IEnumerable<string> roles, CancellationToken cancellationToken) =>
        AreAsync(conflicting, role, Name, roles.Select(normalizer.NormalizeName), cancellationToken);

    /// <summary>Whether any role inherits from itself by way of others.</summary>
    public async Task<bool> HasCirclesAsync(CancellationToken cancellationToken) => RoleGraph.Circles(
        await statements.ReadAllAsync(
            inheritances, static row => new RoleInheritance { RoleId = row.GetGuid(0), InheritedId = row.GetGuid(1) }, cancellationToken)).Count > 0;

    /// <summary>The key of the group that is there and already described so, or null.</summary>
    /// <param name="description">Null where the group is to have none.</param>
    /// <param name="isDescribed">False where any description will do.</param>
    public Task<Guid?> FindGroupAsync(string name, string? description, bool isDescribed, CancellationToken cancellationToken) =>
        FindAsync(group, name, description, isDescribed, cancellationToken);

    /// <summary>Whether the group of this key brings exactly the roles of these names.</summary>
    public Task<bool> BringsAsync(Guid group, IEnumerable<string> roles, CancellationToken cancellationToken) =>
        AreAsync(brought, group, Name, roles.Select(normalizer.NormalizeName), cancellationToken);

    /// <summary>Whether exactly the people of these user names are in the group of this key, for as long.</summary>
    public Task<bool> HasPeopleAsync(Guid group, IEnumerable<NamedLink> users, CancellationToken cancellationToken) =>
        AreAsync(people, group, Link, Normalized(users), cancellationToken);

    /// <summary>Whether exactly these clients are in the group of this key, for as long.</summary>
    public Task<bool> HasClientsAsync(Guid group, IEnumerable<NamedLink> clients, CancellationToken cancellationToken) =>
        // Their identifiers differ by case too.
        AreAsync(machines, group, Link, clients, cancellationToken);

    /// <summary>Whether the person of this key has exactly these roles, for as long.</summary>
    public Task<bool> PersonHasAsync(Guid user, IEnumerable<NamedLink> roles, CancellationToken cancellationToken) =>
        AreAsync(rolesOfPerson, user, Link, Normalized(roles), cancellationToken);

    /// <summary>Whether the client of this key has exactly these roles, for as long.</summary>
    public Task<bool> ClientHasAsync(Guid client, IEnumerable<NamedLink> roles, CancellationToken cancellationToken) =>
        AreAsync(rolesOfClient, client, Link, Normalized(roles), cancellationToken);

    private async Task<Guid?> FindAsync(
        Statement statement, string name, string? description, bool isDescribed, CancellationToken cancellationToken)
    {
        var stored = await statements.ReadAsync(
            statement, static row => new Described(row.GetGuid(0), row.Text(1)), cancellationToken, normalizer.NormalizeName(name));
        return stored is not null && (!isDescribed || stored.Description == description) ? stored.Key : null;
    }

    private async Task<bool> AreAsync<T>(
        Statement statement, Guid key, Func<DbDataReader, T> row, IEnumerable<T> wanted, CancellationToken cancellationToken) =>
        (await statements.ReadAllAsync(statement, row, cancellationToken, key)).ToHashSet().SetEquals(wanted);

    private IEnumerable<NamedLink> Normalized(IEnumerable<NamedLink> links) => links.Select(link => link with { Name = normalizer.NormalizeName(link.Name) });

    private static Statement Named(string table) => new($"""SELECT "Id", "Description" FROM "{table}" WHERE "NormalizedName" = @name""", "@name");

    private static Statement Links(string table, string from, string named, string to, string name) => new(
        $"""SELECT n."{name}", l."NotBefore", l."ExpiresAt" FROM "{table}" AS l INNER JOIN "{named}" AS n ON n."Id" = l."{to}" WHERE l."{from}" = @key""", "@key");

    private static Statement Roles(string table, string from, string to) => new(
        $"""SELECT r."NormalizedName" FROM "{table}" AS l INNER JOIN "Roles" AS r ON r."Id" = l."{to}" WHERE l."{from}" = @key""", "@key");

    // Where a row that somebody wrote by hand has no name, it is none that anybody can declare.
    private static string Name(DbDataReader row) => row.Text(0) ?? "";

    private static NamedLink Link(DbDataReader row) => new(Name(row), new Period(row.Utc(1), row.Utc(2)));

    private sealed record Described(Guid Key, string? Description);
}
