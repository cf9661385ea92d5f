using IdentityProvider.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace IdentityProvider.Data;

/// <summary>
/// Lets one process at a time prepare a database: migrations, first keys, declarations.
/// Unlike a lease it needs no table, waits its turn, and ends with its holder even when that is killed.
/// </summary>
internal sealed class StartLock(IOptions<DatabaseOptions> options, DatabaseFile file)
{
    // Any number will do, as long as every version of this product uses the same.
    private const long AdvisoryLock = 0x4964_656E_7469_7479;

    public async Task<IAsyncDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Provider == DatabaseProvider.PostgreSql)
        {
            return await TakePostgresAsync(cancellationToken);
        }

        return file.Path is { } path
            ? new Held(await FileLock.TakeAsync(path + ".lock", cancellationToken))
            : new Held(null);
    }

    private async Task<IAsyncDisposable> TakePostgresAsync(CancellationToken cancellationToken)
    {
        // A connection of its own, outside the pool: closing it is what releases the lock.
        var address = new NpgsqlConnectionStringBuilder(options.Value.ConnectionString) { Pooling = false };
        var connection = new NpgsqlConnection(address.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection) { CommandTimeout = 0 };
            command.Parameters.Add(new NpgsqlParameter { Value = AdvisoryLock });
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private sealed class Held(IDisposable? taken) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            taken?.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>Where the SQLite database lies.</summary>
internal sealed class DatabaseFile(IOptions<DatabaseOptions> options, DataFolder folder)
{
    /// <summary>
    /// As the operator wrote it, but never with a cache that the connections to a file share: what waits for another connection of one is refused at once
    /// (SQLITE_LOCKED). A database in memory is the same one only for connections that share it; what a "file:" address says by itself stays as it is.
    /// </summary>
    public string ConnectionString => Path is not null && Address.Cache == SqliteCacheMode.Shared
        ? new SqliteConnectionStringBuilder(Configured) { Cache = SqliteCacheMode.Private }.ConnectionString
        : Configured;

    /// <summary>The file, or null for a database in memory.</summary>
    public string? Path
    {
        get
        {
            var address = Address;
            return address.Mode == SqliteOpenMode.Memory || address.DataSource is "" or ":memory:" || address.DataSource.StartsWith("file:", StringComparison.Ordinal)
                ? null
                : System.IO.Path.GetFullPath(address.DataSource);
        }
    }

    private string Configured => options.Value.ConnectionString ?? $"Data Source={folder.PathOf("identityprovider.db")}";

    private SqliteConnectionStringBuilder Address => new(Configured);
}
