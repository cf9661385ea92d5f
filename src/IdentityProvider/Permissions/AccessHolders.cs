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
    // The holder themselves, where the statement tells whether there is one.
    private const int Holder = 2;

    private static readonly Statement ofPerson = Of(AssignmentsOf.Person);
    private static readonly Statement ofGrantor = Of(AssignmentsOf.Grantor);
    private static readonly Statement ofClient = Of(AssignmentsOf.Client);
    private static readonly Statement namesOfPerson = NamesOf(AssignmentsOf.Person);
    private static readonly Statement namesOfClient = NamesOf(AssignmentsOf.Client);

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
            asked.Statement, static row => (Kind: row.GetInt32(0), row.GetString(1)), cancellationToken, Now, asked.Key);
        return new HeldNames(InOrder(Only(held, AssignedKind.Role)), InOrder(Only(held, AssignedKind.Group)));
    }

    /// <summary>The roles and groups of somebody who is asked about by name.</summary>
    /// <returns>Null when there is nobody of that name, or nobody who may sign in.</returns>
    public async ValueTask<HeldAccess?> FindHeldAsync(AccessHolder holder, CancellationToken cancellationToken)
    {
        var held = await (holder switch
        {
            AccessHolder.Named person => statements.ReadAllAsync(ofNamed, Assigned, cancellationToken, Now, person.Subject),
            AccessHolder.InSector person => statements.ReadAllAsync(inSector, Assigned, cancellationToken, Now, person.Subject, person.Sector),
            AccessHolder.Client client => statements.ReadAllAsync(ofKnownClient, Assigned, cancellationToken, Now, client.ClientId),
            _ => throw new UnreachableException($"Unhandled holder {holder}."),
        });
        return held.Count == 0 ? null : AccessOf(held);
    }

    /// <returns>Null when the resource owns no permissions.</returns>
    public async ValueTask<EffectiveAccess?> FindAsync(AccessHolder holder, string resource, CancellationToken cancellationToken)
    {
        var model = await catalog.GetAsync(cancellationToken);
        return model.Owns(resource) ? EffectiveAccess.At(resource, model, await ReadAsync(holder, cancellationToken)) : null;
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private async ValueTask<HeldAccess> ReadAsync(AccessHolder holder, CancellationToken cancellationToken)
    {
        (Statement Statement, object Key) asked = holder switch
        {
            AccessHolder.Person person => (ofPerson, person.Subject),
            AccessHolder.Grantor grantor => (ofGrantor, grantor.Grant),
            AccessHolder.Client client => (ofClient, client.ClientId),
            _ => throw new UnreachableException($"Unhandled holder {holder}."),
        };
        return AccessOf(await statements.ReadAllAsync(asked.Statement, Assigned, cancellationToken, Now, asked.Key));
    }

    private static Statement Of(AssignmentsOf holder) => new(holder.Select(AssignmentsOf.InItsTime), "@now", "@holder");

    // Without the model in memory, which is read only where a resource owns permissions.
    private static Statement NamesOf(AssignmentsOf holder) => new(
        $"""
        WITH RECURSIVE "Assigned" ("Kind", "Id") AS (
            {holder.Select(AssignmentsOf.InItsTime)}
        ),
        "Held" ("Id") AS (
            SELECT a."Id" FROM "Assigned" AS a WHERE a."Kind" = {(int)AssignedKind.Role}
            UNION
            SELECT g."RoleId" FROM "Assigned" AS a INNER JOIN "GroupRoles" AS g ON g."GroupId" = a."Id" WHERE a."Kind" = {(int)AssignedKind.Group}
            UNION
            SELECT i."InheritedId" FROM "RoleInheritances" AS i INNER JOIN "Held" AS k ON k."Id" = i."RoleId"
        )
        SELECT {(int)AssignedKind.Role}, r."Name" FROM "Held" AS k INNER JOIN "Roles" AS r ON r."Id" = k."Id"
        UNION ALL
        SELECT {(int)AssignedKind.Group}, g."Name" FROM "Assigned" AS a INNER JOIN "Groups" AS g ON g."Id" = a."Id" WHERE a."Kind" = {(int)AssignedKind.Group}
        """,
        "@now", "@holder");

    // The holder is one row or none, and the statement says so: SQLite would otherwise begin with all assignments that there are.
    private static Statement OfKnown(string holder, string kind, params string[] more) => new(
        $"""
        WITH h AS MATERIALIZED ({holder})
        SELECT {Holder}, h."Id" FROM h
        UNION ALL
        {AssignmentsOf.Known(kind).Select(AssignmentsOf.InItsTime)}
        """,
        ["@now", "@holder", .. more]);

    private static (int Kind, Guid Id) Assigned(DbDataReader row) => (row.GetInt32(0), row.GetGuid(1));

    private static HeldAccess AccessOf(List<(int Kind, Guid Id)> held) => new(Only(held, AssignedKind.Role), Only(held, AssignedKind.Group));

    private static List<T> Only<T>(List<(int Kind, T What)> held, AssignedKind kind)
    {
        var found = new List<T>(held.Count);
        foreach (var row in held)
        {
            if (row.Kind == (int)kind)
            {
                found.Add(row.What);
            }
        }

        return found;
    }

    private static string[] InOrder(List<string> names) => [.. names.Order(StringComparer.Ordinal)];
}
