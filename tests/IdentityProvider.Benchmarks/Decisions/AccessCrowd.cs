using System.Data.Common;
using IdentityProvider.Benchmarks.Growth;
using IdentityProvider.Benchmarks.Report;
using IdentityProvider.Benchmarks.Servers;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IdentityProvider.Benchmarks.Decisions;

/// <summary>The access of a large company: 10,000 people and those of the benchmark, each with 10 of 10,000 roles, which grant 5 of the 1,000 permissions of each API and inherit another role. One person has none.</summary>
internal static class AccessCrowd
{
    private const int People = 10_000;

    // Ten thousand numbers, in words that both databases know.
    private const string Numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)";

    private static readonly string[] rows =
    [
        $"""INSERT INTO "Roles" ("Id", "Name", "NormalizedName") {Numbers} SELECT @role, 'mass-' || i, 'MASS-' || i FROM n""",
        $"""
        INSERT INTO "Permissions" ("Id", "ResourceId", "Name") {Numbers}
        SELECT @permission, r."Id", 'orders.do-' || i FROM n
        CROSS JOIN (SELECT a."Id", ROW_NUMBER() OVER (ORDER BY a."Identifier") AS number FROM "ApiResources" AS a) AS r WHERE i < 1000
        """,
        $"""
        INSERT INTO "RolePermissions" ("RoleId", "PermissionId") {Numbers}
        SELECT r."Id", p."Id" FROM n INNER JOIN "Roles" AS r ON r."Name" = 'mass-' || i
        CROSS JOIN (SELECT 0 AS k UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4) AS five
        INNER JOIN "Permissions" AS p ON p."Name" = 'orders.do-' || ((i * 5 + k) % 1000)
        """,
        $"""
        INSERT INTO "RoleInheritances" ("RoleId", "InheritedId") {Numbers}
        SELECT r."Id", o."Id" FROM n INNER JOIN "Roles" AS r ON r."Name" = 'mass-' || i INNER JOIN "Roles" AS o ON o."Name" = 'mass-' || (i / 10) WHERE i > 0
        """,
        $"""
        INSERT INTO "UserRoles" ("UserId", "RoleId") {Numbers}
        SELECT u."Id", r."Id" FROM (SELECT "Id", ROW_NUMBER() OVER (ORDER BY "UserName") AS number FROM "Users" WHERE "UserName" <> '{AccessCast.Newcomer.UserName}') AS u
        INNER JOIN n ON i < 10 INNER JOIN "Roles" AS r ON r."Name" = 'mass-' || ((u.number * 7 + i * 997) % 10000)
        """,
    ];

    /// <summary>Lets the product make the database, and fills it.</summary>
    public static async Task FillAsync(HostServer host, HostStorage storage)
    {
        await using (var target = await host.StartAsync(storage))
        {
            await target.Process.StopAsync();
        }

        await using DbConnection database = storage.IsPostgreSql
            ? new NpgsqlConnection(storage.ConnectionString) : new SqliteConnection(storage.ConnectionString + ";Pooling=False");
        await database.OpenAsync();
        if (!storage.IsPostgreSql)
        {
            await ExecuteAsync(database, "PRAGMA synchronous=OFF; PRAGMA cache_size=-400000");
        }

        Progress.Say("filling: 10,000 people, 10,000 roles, 100,000 assignments");
        await WritePeopleAsync(database, !storage.IsPostgreSql);
        foreach (var statement in rows)
        {
            await ExecuteAsync(database, statement.Replace("@role", Id("i", storage), StringComparison.Ordinal).Replace("@permission", Id("r.number * 10000 + i", storage), StringComparison.Ordinal));
        }

        await ExecuteAsync(database, storage.IsPostgreSql ? "ANALYZE" : "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static async Task WritePeopleAsync(DbConnection database, bool isSqlite)
    {
        var template = await Template.ReadAsync(database, "Users", $"\"UserName\" = '{Cast.Person(0).UserName}'", isSqlite);
        await using var writer = await RowWriter.OpenAsync(database, template);
        for (var number = 0; number < People; number++)
        {
            await writer.WriteAsync(template.With(
                ("Id", Guid.CreateVersion7()), ("Subject", $"crowd-subject-{number}"), ("UserName", $"crowd{number}"), ("NormalizedUserName", $"CROWD{number}"),
                ("Email", $"crowd{number}@example.com"), ("NormalizedEmail", $"CROWD{number}@EXAMPLE.COM")));
        }
    }

    // As each database keeps a GUID.
    private static string Id(string number, HostStorage storage) => storage.IsPostgreSql
        ? $"(lpad(to_hex({number}), 8, '0') || '-0000-0000-0000-000000000001')::uuid"
        : $"printf('%08X-0000-0000-0000-000000000001', {number})";

    private static async Task ExecuteAsync(DbConnection database, string sql)
    {
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
