using System.Data.Common;
using System.Diagnostics;
using IdentityProvider.Data;

namespace IdentityProvider.Permissions;

/// <summary>
/// What somebody may do at a resource at this moment: the model from memory, and the holder's roles and groups in one read. Nothing is read
/// for a resource that owns no permissions.
/// </summary>
internal sealed class AccessHolders(Statements statements, AccessCatalog catalog, TimeProvider clock)
{
    private const string InItsTime = """(a."NotBefore" IS NULL OR a."NotBefore" <= @now) AND (a."ExpiresAt" IS NULL OR a."ExpiresAt" > @now)""";

    // Somebody who may not sign in has nothing, also where an earlier token is still being looked at.
    private static readonly Statement ofPerson = Of(
        "UserRoles", "GroupUsers", """INNER JOIN "Users" AS h ON h."Id" = a."UserId" """, """h."Subject" = @holder AND h."DisabledAt" IS NULL""");

    private static readonly Statement ofGrantor = Of(
        "UserRoles", "GroupUsers",
        """INNER JOIN "Users" AS h ON h."Id" = a."UserId" INNER JOIN "Grants" AS g ON g."Subject" = h."Subject" """,
        """g."Id" = @holder AND h."DisabledAt" IS NULL""");

    private static readonly Statement ofClient = Of(
        "ClientRoles", "GroupClients", """INNER JOIN "Clients" AS h ON h."Id" = a."ClientId" """, """h."ClientId" = @holder""");

    private static readonly Statement namesOfPerson = NamesOf(
        "UserRoles", "GroupUsers", """INNER JOIN "Users" AS h ON h."Id" = a."UserId" """, """h."Subject" = @holder AND h."DisabledAt" IS NULL""");

    private static readonly Statement namesOfClient = NamesOf(
        "ClientRoles", "GroupClients", """INNER JOIN "Clients" AS h ON h."Id" = a."ClientId" """, """h."ClientId" = @holder""");

    /// <summary>The names of all roles and groups that a person or a client has at this moment, wherever they mean something. One read.</summary>
    public async ValueTask<HeldNames> FindNamesAsync(AccessHolder holder, CancellationToken cancellationToken)
    {
        (Statement Statement, string Key) asked = holder switch
        {
            AccessHolder.Person person => (namesOfPerson, person.Subject),
            AccessHolder.Client client => (namesOfClient, client.ClientId),
            _ => throw new UnreachableException($"Unhandled holder {holder}."),
        };
        var held = await statements.ReadAllAsync(
            asked.Statement, static row => (IsGroup: row.GetInt32(0) == 1, Name: row.GetString(1)), cancellationToken, clock.GetUtcNow().UtcDateTime, asked.Key);
        return new HeldNames(
            [.. held.Where(row => !row.IsGroup).Select(row => row.Name).Order(StringComparer.Ordinal)],
            [.. held.Where(row => row.IsGroup).Select(row => row.Name).Order(StringComparer.Ordinal)]);
    }

    // For those who ask about somebody by name, and so must hear whether there is somebody: who may not sign in is nobody. A name that one person was given
    // and that another one has in a sector is the former's.
    private static readonly Statement ofNamed = OfKnown(
        """
        SELECT u."Id" FROM "Users" AS u WHERE u."Subject" = @holder AND u."DisabledAt" IS NULL
        UNION ALL
        SELECT u."Id" FROM "PairwiseSubjects" AS p INNER JOIN "Users" AS u ON u."Id" = p."UserId"
        WHERE p."Value" = @holder AND u."DisabledAt" IS NULL AND NOT EXISTS (SELECT 1 FROM "Users" AS o WHERE o."Subject" = @holder)
        """,
        "User");

    private static readonly Statement inSector = OfKnown(
        """
        SELECT u."Id" FROM "PairwiseSubjects" AS p INNER JOIN "Users" AS u ON u."Id" = p."UserId"
        WHERE p."Value" = @holder AND p."Sector" = @sector AND u."DisabledAt" IS NULL
        """,
        "User", "@sector");

    private static readonly Statement ofKnownClient = OfKnown("""SELECT c."Id" FROM "Clients" AS c WHERE c."ClientId" = @holder""", "Client");

    /// <summary>The roles and groups of somebody who is asked about by name.</summary>
    /// <returns>Null when there is nobody of that name, or nobody who may sign in.</returns>
    public async ValueTask<HeldAccess?> FindHeldAsync(AccessHolder holder, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var rows = await (holder switch
        {
            AccessHolder.Named person => statements.ReadAllAsync(ofNamed, Found, cancellationToken, now, person.Subject),
            AccessHolder.InSector person => statements.ReadAllAsync(inSector, Found, cancellationToken, now, person.Subject, person.Sector),
            AccessHolder.Client client => statements.ReadAllAsync(ofKnownClient, Found, cancellationToken, now, client.ClientId),
            _ => throw new UnreachableException($"Unhandled holder {holder}."),
        });
        return rows.Count == 0 ? null : new HeldAccess(Ids(Kind.Role), Ids(Kind.Group));

        List<Guid> Ids(Kind kind)
        {
            var ids = new List<Guid>(rows.Count);
            foreach (var row in rows)
            {
                if (row.Kind == kind)
                {
                    ids.Add(row.Id);
                }
            }

            return ids;
        }
    }

    /// <returns>Null when the resource owns no permissions.</returns>
    public async ValueTask<EffectiveAccess?> FindAsync(AccessHolder holder, string resource, CancellationToken cancellationToken)
    {
        var model = await catalog.GetAsync(cancellationToken);
        return model.Owns(resource) ? EffectiveAccess.At(resource, model, await ReadAsync(holder, cancellationToken)) : null;
    }

    private async ValueTask<HeldAccess> ReadAsync(AccessHolder holder, CancellationToken cancellationToken)
    {
        (Statement Statement, object Key) asked = holder switch
        {
            AccessHolder.Person person => (ofPerson, person.Subject),
            AccessHolder.Grantor grantor => (ofGrantor, grantor.Grant),
            AccessHolder.Client client => (ofClient, client.ClientId),
            _ => throw new UnreachableException($"Unhandled holder {holder}."),
        };
        var held = await statements.ReadAllAsync(asked.Statement, Assigned, cancellationToken, clock.GetUtcNow().UtcDateTime, asked.Key);
        return new HeldAccess(
            [.. held.Where(row => !row.IsGroup).Select(row => row.Id)],
            [.. held.Where(row => row.IsGroup).Select(row => row.Id)]);
    }

    private static Statement Of(string roles, string groups, string holder, string condition) => new(
        $"""
        SELECT 0, a."RoleId" FROM "{roles}" AS a {holder} WHERE {condition} AND {InItsTime}
        UNION ALL
        SELECT 1, a."GroupId" FROM "{groups}" AS a {holder} WHERE {condition} AND {InItsTime}
        """,
        "@now", "@holder");

    // Without the model in memory, which is read only where a resource owns permissions.
    private static Statement NamesOf(string roles, string groups, string holder, string condition) => new(
        $"""
        WITH RECURSIVE "Held" AS (
            SELECT a."RoleId" AS "Id" FROM "{roles}" AS a {holder} WHERE {condition} AND {InItsTime}
            UNION
            SELECT g."RoleId" FROM "{groups}" AS a INNER JOIN "GroupRoles" AS g ON g."GroupId" = a."GroupId" {holder} WHERE {condition} AND {InItsTime}
            UNION
            SELECT i."InheritedId" FROM "RoleInheritances" AS i INNER JOIN "Held" AS k ON k."Id" = i."RoleId"
        )
        SELECT 0, r."Name" FROM "Held" AS k INNER JOIN "Roles" AS r ON r."Id" = k."Id"
        UNION ALL
        SELECT 1, g."Name" FROM "{groups}" AS a INNER JOIN "Groups" AS g ON g."Id" = a."GroupId" {holder} WHERE {condition} AND {InItsTime}
        """,
        "@now", "@holder");

    // The holder is one row or none, and the statement says so: SQLite would otherwise begin with all assignments that there are.
    private static Statement OfKnown(string holder, string kind, params string[] more) => new(
        $"""
        WITH h AS MATERIALIZED ({holder})
        SELECT {(int)Kind.Holder}, h."Id" FROM h
        UNION ALL
        SELECT {(int)Kind.Role}, a."RoleId" FROM "{kind}Roles" AS a WHERE a."{kind}Id" = (SELECT h."Id" FROM h) AND {InItsTime}
        UNION ALL
        SELECT {(int)Kind.Group}, a."GroupId" FROM "Group{kind}s" AS a WHERE a."{kind}Id" = (SELECT h."Id" FROM h) AND {InItsTime}
        """,
        ["@now", "@holder", .. more]);

    private enum Kind
    {
        Role,
        Group,
        Holder,
    }

    private static (Kind Kind, Guid Id) Found(DbDataReader row) => ((Kind)row.GetInt32(0), row.GetGuid(1));

    private static (bool IsGroup, Guid Id) Assigned(DbDataReader row) => (row.GetInt32(0) == 1, row.GetGuid(1));
}
