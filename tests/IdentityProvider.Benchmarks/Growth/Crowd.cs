using System.Data.Common;
using System.Security.Cryptography;
using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Servers;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IdentityProvider.Benchmarks.Growth;

/// <summary>Years of use: people, clients, grants, tokens and sessions that nobody in the benchmark asks for.</summary>
/// <param name="Tokens">Five for each grant: one can be used, four were. The other numbers follow.</param>
/// <param name="ExpiredTokens">Beside them, such as pruning removes.</param>
/// <param name="Sessions">Live ones.</param>
internal sealed record Crowd(int Tokens, int ExpiredTokens = 0, int Sessions = 0)
{
    private const int TokensOfGrant = 5;

    private int Grants => Tokens / TokensOfGrant;

    private int Users => Math.Max(Grants / 2, 50);

    private int Clients => Tokens / 1000;

    /// <summary>Lets the product make one of everything, and fills the database with others of that kind.</summary>
    public async Task FillAsync(HostServer host, HostStorage storage)
    {
        await using (var target = await host.StartAsync(storage))
        {
            using var connection = new Connection(target, 0);
            await Steps.SignInAsync(connection);
            await Steps.RefreshAsync(connection, await Steps.CodeFlowAsync(connection));
            await target.Process.StopAsync();
        }

        await using DbConnection database = storage.IsPostgreSql
            ? new NpgsqlConnection(storage.ConnectionString) : new SqliteConnection(storage.ConnectionString + ";Pooling=False");
        await database.OpenAsync();
        if (!storage.IsPostgreSql)
        {
            await ExecuteAsync(database, "PRAGMA synchronous=OFF; PRAGMA cache_size=-400000; PRAGMA foreign_keys=OFF");
        }

        await FillAsync(database, !storage.IsPostgreSql);
        // Jobs shall find their work due, as after a night.
        await ExecuteAsync(database, "DELETE FROM \"Leases\"");
        await ExecuteAsync(database, storage.IsPostgreSql ? "ANALYZE" : "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private async Task FillAsync(DbConnection database, bool isSqlite)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        Task<Template> Read(string table, string condition) => Template.ReadAsync(database, table, condition, isSqlite);
        var users = await WriteUsersAsync(database, await Read("Users", $"\"UserName\" = '{Cast.Person(0).UserName}'"));
        var clients = await WriteClientsAsync(database, await Read("Clients", $"\"ClientId\" = '{Cast.Portal}'"));
        var grants = await WriteGrantsAsync(database, await Read("Grants", "\"Offline\""), users, clients, now);
        await WriteTokensAsync(database, await Read("Tokens", "\"Type\" LIKE '%refresh%' AND \"Status\" = 'valid'"), users, clients, grants, now);
        await WriteSessionsAsync(database, await Read("Sessions", "\"EndedAt\" IS NULL"), users, now);
    }

    private async Task<Guid[]> WriteUsersAsync(DbConnection database, Template template)
    {
        Guid[] ids = NewIds(Users);
        await WriteAsync(database, template, ids.Length, number => template.With(
            ("Id", ids[number]), ("Subject", $"crowd-subject-{number}"),
            ("UserName", $"crowd{number}"), ("NormalizedUserName", $"CROWD{number}"),
            ("Email", $"crowd{number}@example.com"), ("NormalizedEmail", $"CROWD{number}@EXAMPLE.COM")));
        return ids;
    }

    private async Task<Guid[]> WriteClientsAsync(DbConnection database, Template template)
    {
        Guid[] ids = NewIds(Clients);
        await WriteAsync(database, template, ids.Length, number => template.With(("Id", ids[number]), ("ClientId", $"crowd-client-{number}")));
        return ids;
    }

    private async Task<Guid[]> WriteGrantsAsync(DbConnection database, Template template, Guid[] users, Guid[] clients, DateTime now)
    {
        Guid[] ids = NewIds(Grants);
        await WriteAsync(database, template, ids.Length, number => template.With(
            ("Id", ids[number]), ("ApplicationId", clients[number % clients.Length]), ("Subject", $"crowd-subject-{number % users.Length}"),
            ("SessionId", $"crowd-session-{number}"), ("CreationDate", now.AddMinutes(-number % 40000))));
        return ids;
    }

    private Task WriteTokensAsync(DbConnection database, Template template, Guid[] users, Guid[] clients, Guid[] grants, DateTime now)
    {
        Guid[] ids = NewIds(Tokens + ExpiredTokens);
        return WriteAsync(database, template, ids.Length, number =>
        {
            var grant = number % grants.Length;
            var expired = number >= Tokens;
            var used = expired || number >= grants.Length;
            return template.With(
                ("Id", ids[number]), ("ApplicationId", clients[grant % clients.Length]), ("AuthorizationId", grants[grant]),
                ("Subject", $"crowd-subject-{grant % users.Length}"),
                ("SecretHash", RandomNumberGenerator.GetBytes(32)),
                ("Status", used ? "redeemed" : "valid"), ("RedemptionDate", used ? now.AddMinutes(-grant % 20000) : null),
                ("CreationDate", now.AddMinutes(-grant % 20000)),
                ("ExpirationDate", expired ? now.AddDays(-2).AddSeconds(-number % 100_000) : now.AddDays(2).AddMinutes(number % 20000)));
        });
    }

    private Task WriteSessionsAsync(DbConnection database, Template template, Guid[] users, DateTime now) =>
        WriteAsync(database, template, Sessions, number => template.With(
            ("Id", $"crowd-live-{number}"), ("UserId", users[number % 50]), ("CreatedAt", now), ("AuthenticatedAt", now), ("LastSeenAt", now),
            ("ExpiresAt", now.AddHours(11))));

    private static async Task WriteAsync(DbConnection database, Template template, int count, Func<int, object?[]> row)
    {
        if (count == 0)
        {
            return;
        }

        Report.Progress.Say($"filling: {count} rows into {template.Table}");
        await using var writer = await RowWriter.OpenAsync(database, template);
        for (var number = 0; number < count; number++)
        {
            await writer.WriteAsync(row(number));
        }
    }

    private static Guid[] NewIds(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];

    private static async Task ExecuteAsync(DbConnection database, string sql)
    {
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
