using System.Data.Common;
using System.Diagnostics;
using System.Text.RegularExpressions;
using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IdentityProvider.IntegrationTests.Sessions;

/// <summary>A hundred thousand live sessions cost a login, a request and the jobs no more than a hundred.</summary>
public sealed partial class ManySessionsTests(ITestOutputHelper output)
{
    private const int Many = 100_000;
    private const int Few = 100;
    private const int Owners = 50;

    [Theory, OnEachDatabase]
    public async Task What_reads_and_ends_sessions_finds_them_by_an_index(TestDatabase database)
    {
        using var commands = new SessionCommands();
        await using var host = await StartAsync(database, commands);
        await FillAsync(host, Many);
        var portal = host.RelyingParty(StandardDeclaration.Portal);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        commands.Clear();

        var tokens = await portal.SignInAsync(browser, person, "openid");
        await browser.AuthorizeAsync(portal.NewRequest(change: parameters => parameters["prompt"] = "login"), person);
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.True(await host.IsSignedInAsync(browser));
        tokens = (await portal.RefreshAsync(tokens.RefreshToken)).OrFail();
        foreach (var job in new[] { "sessions.seen", "sessions.expire", "sessions.prune" })
        {
            await host.RunAsync(job);
        }

        await using (var scope = host.Services.CreateAsyncScope())
        {
            var sessions = scope.ServiceProvider.GetRequiredService<SessionRegistry>();
            await sessions.EndAllAsync(person.Id, SessionEndReason.EndedByAdministrator, CancellationToken.None);
        }

        var plans = new List<(string Sql, string Plan)>();
        foreach (var (sql, parameters) in commands.Seen)
        {
            plans.Add((sql, await ExplainAsync(host.Storage, sql, parameters)));
        }

        foreach (var sql in commands.Statements)
        {
            plans.Add((sql, await ExplainAsync(host.Storage, sql)));
        }

        Assert.Contains(plans, plan => commands.Statements.Contains(plan.Sql));
        Assert.True(plans.Count >= 10, $"{plans.Count} commands");
        Assert.All(plans, plan => Assert.False(
            database == TestDatabase.PostgreSql
                ? plan.Plan.Contains("Seq Scan on \"Sessions\"", StringComparison.Ordinal)
                // What pruning found by an index, a batch, is gone through.
                : plan.Plan.Split('\n').Any(line => line.StartsWith("SCAN", StringComparison.Ordinal) && line != "SCAN batch" && !line.Contains("CONSTANT", StringComparison.Ordinal)),
            $"{plan.Sql}\n{plan.Plan}"));
    }

    [Theory, OnEachDatabase]
    public async Task A_login_takes_as_long_as_with_a_hundred(TestDatabase database)
    {
        await using var few = await StartAsync(database);
        await using var many = await StartAsync(database);
        await FillAsync(few, Few);
        await FillAsync(many, Many);
        var hosts = new[] { few, many };
        var people = new[] { await few.NewPersonAsync(), await many.NewPersonAsync() };
        var times = new[] { new List<double>(), new List<double>() };

        // In turns, so that whatever else the machine does falls on both.
        for (var round = -3; round < 30; round++)
        {
            foreach (var index in round % 2 == 0 ? new[] { 0, 1 } : [1, 0])
            {
                using var browser = hosts[index].NewBrowser();
                var form = await browser.OpenAsync("/login");
                var started = Stopwatch.GetTimestamp();
                var page = await browser.SignInAsync(form, people[index].UserName, people[index].Password);
                if (round >= 0)
                {
                    times[index].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }

                Assert.NotNull(browser.Cookies.Find(SessionSteps.CookieName));
                Assert.NotNull(page);
            }
        }

        var (withFew, withMany) = (Median(times[0]), Median(times[1]));
        output.WriteLine($"{database}: the median of 30 logins is {withFew:F1} ms with {Few} live sessions and {withMany:F1} ms with {Many}: {withMany / withFew:F3} times; "
            + $"the fastest {times[0].Min():F1} and {times[1].Min():F1} ms.");
        // What grows with the number of sessions is in every login, also in the fastest; what else the machine does is in the median.
        Assert.True(times[1].Min() / times[0].Min() < 1.5, $"{times[0].Min():F1} ms with {Few}, {times[1].Min():F1} ms with {Many}");
    }

    private static Task<ProviderHost> StartAsync(TestDatabase database, SessionCommands? commands = null)
    {
        Installed.Require(database);
        return ProviderHost.StartAsync(new ProviderSettings
        {
            Database = database,
            Services = services =>
            {
                TwoNodes.WithoutJobs(services);
                if (commands is not null)
                {
                    services.ConfigureDbContext<SqliteAppDbContext>(options => options.AddInterceptors(commands));
                    services.ConfigureDbContext<PostgresAppDbContext>(options => options.AddInterceptors(commands));
                }
            },
        });
    }

    private static async Task FillAsync(ProviderHost host, int count)
    {
        var now = host.Clock.GetUtcNow().UtcDateTime;
        var (hash, ends, no) = (new byte[32], now.AddHours(11), false);
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        for (var person = 0; person < Owners; person++)
        {
            var (owner, prefix, each) = ((await host.NewPersonAsync()).Id, $"crowd-{person}-", count / Owners);
            await db.Database.ExecuteSqlAsync($"""
                WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {each})
                INSERT INTO "Sessions" ("Id", "SecretHash", "UserId", "AuthenticatedAt", "Methods", "Acr", "Persistent", "CreatedAt", "LastSeenAt", "ExpiresAt")
                SELECT {prefix} || n, {hash}, {owner}, {now}, 'pwd', 'x', {no}, {now}, {now}, {ends} FROM numbers
                """);
        }

        await db.Database.ExecuteSqlAsync($"ANALYZE");
        Assert.Equal(count, await db.Set<Session>().CountAsync());
    }

    private static async Task<string> ExplainAsync(TestStorage storage, string sql, DbParameter[] parameters)
    {
        await using var connection = await OpenAsync(storage);
        return await LinesAsync(connection, (storage.Database == TestDatabase.PostgreSql ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + sql, parameters);
    }

    /// <summary>How it is done whatever its values are.</summary>
    private static async Task<string> ExplainAsync(TestStorage storage, string sql)
    {
        var names = ParameterName().Matches(sql).Select(match => match.Value).Distinct().ToList();
        await using var connection = await OpenAsync(storage);
        if (storage.Database == TestDatabase.Sqlite)
        {
            return await LinesAsync(connection, "EXPLAIN QUERY PLAN " + sql, [.. names.Select(name => new SqliteParameter(name, DBNull.Value))]);
        }

        await LinesAsync(connection, "SET plan_cache_mode = force_generic_plan", []);
        await LinesAsync(connection, "PREPARE explained AS " + ParameterName().Replace(sql, match => $"${names.IndexOf(match.Value) + 1}"), []);
        return await LinesAsync(connection, names.Count == 0 ? "EXPLAIN EXECUTE explained" : $"EXPLAIN EXECUTE explained ({string.Join(", ", names.Select(_ => "NULL"))})", []);
    }

    private static async Task<DbConnection> OpenAsync(TestStorage storage)
    {
        DbConnection connection = storage.Database == TestDatabase.PostgreSql
            ? new NpgsqlConnection(storage.ConnectionString) : new SqliteConnection(storage.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<string> LinesAsync(DbConnection connection, string sql, DbParameter[] parameters)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> lines = [];
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(reader.FieldCount - 1));
        }

        return string.Join('\n', lines);
    }

    [GeneratedRegex("@[a-z_]+")]
    private static partial Regex ParameterName();

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
