using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Servers;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IdentityProvider.Benchmarks.Growth;

/// <summary>A Host with expired tokens in its database, which it prunes or leaves alone.</summary>
internal sealed class PruningHost : IAsyncDisposable
{
    // Longer than the longest time that the job waits after a start.
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(1);

    private readonly HostStorage storage;
    private readonly Target target;
    private long suspendedSince;

    private PruningHost(HostStorage storage, Target target)
    {
        this.storage = storage;
        this.target = target;
        Client = new LoadClient(target);
    }

    public LoadClient Client { get; }

    /// <summary>For how long it stood still.</summary>
    public TimeSpan Suspended { get; private set; }

    public static async Task<PruningHost> StartAsync(Stage stage, DatabaseKind database, Crowd crowd, bool prunes)
    {
        var storage = await stage.NewStorageAsync(database);
        try
        {
            await crowd.FillAsync(stage.Host, storage);
            if (!prunes)
            {
                await PostponeAsync(storage);
            }

            return new PruningHost(storage, await stage.Host.StartAsync(storage));
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until rows vanish.</summary>
    /// <returns>False when there is none left.</returns>
    public async Task<bool> ProgressAsync()
    {
        var first = await OldestAsync();
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            if (await OldestAsync() is var oldest && oldest != first)
            {
                return oldest is not null;
            }
        }
        while (first is not null && Stopwatch.GetElapsedTime(began) < patience && await timer.WaitForNextTickAsync());

        return first is null ? false : throw new BenchmarkException("Nothing is pruned.");
    }

    /// <summary>How many expired tokens are left.</summary>
    public async Task<long> CountAsync() => Convert.ToInt64(
        await ReadAsync(storage, $"SELECT count(*) FROM \"Tokens\" WHERE \"ExpirationDate\" < {Yesterday}"), CultureInfo.InvariantCulture);

    /// <summary>Has it stand still, and its pruning with it.</summary>
    public async Task SuspendAsync()
    {
        await target.Process.SignalAsync("STOP");
        suspendedSince = Stopwatch.GetTimestamp();
    }

    public async Task ResumeAsync()
    {
        await target.Process.SignalAsync("CONT");
        Suspended += Stopwatch.GetElapsedTime(suspendedSince);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await target.DisposeAsync();
        await storage.DisposeAsync();
    }

    private string Yesterday => storage.IsPostgreSql ? "now() - interval '1 day'" : "datetime('now', '-1 day')";

    private async Task<string?> OldestAsync() => Convert.ToString(
        await ReadAsync(storage, $"SELECT min(\"ExpirationDate\") FROM \"Tokens\" WHERE \"ExpirationDate\" < {Yesterday}"), CultureInfo.InvariantCulture) is { Length: > 0 } oldest
            ? oldest
            : null;

    // Somebody did the work and says when it is next to be done.
    private static Task PostponeAsync(HostStorage storage)
    {
        var now = TimeProvider.System.GetUtcNow();
        return ReadAsync(storage, FormattableString.Invariant(
            $"""
            INSERT INTO "Leases" ("Name", "Holder", "ExpiresAt", "DueAt")
            VALUES ('job:grants.prune', '{Guid.Empty}', '{now:yyyy-MM-dd HH:mm:ss}', '{now.AddDays(2):yyyy-MM-dd HH:mm:ss}')
            """));
    }

    private static async Task<object?> ReadAsync(HostStorage storage, string sql)
    {
        await using DbConnection database = storage.IsPostgreSql
            ? new NpgsqlConnection(storage.ConnectionString) : new SqliteConnection(storage.ConnectionString);
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }
}
