using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace IdentityProvider.Data;

/// <summary>
/// Settings SQLite keeps per connection. A write is on the disk before it is acknowledged (FULL), foreign keys hold,
/// and a writer waits for the other writer inside SQLite, which looks every few milliseconds; the driver's own retry looks every 150.
/// </summary>
internal sealed class SqliteConnections : DbConnectionInterceptor
{
    // Beyond that SQLite is not asked again: the request fails and may be repeated (DatabaseOutage).
    private const int PatienceInSeconds = 10;

    // What is written is moved from the log into the file by SqliteCheckpoints, and behind a commit only where that does not get to it: after 64 MB.
    // A log that grew longer, because somebody read for long, is cut to as much when it begins anew.
    private const string Settings =
        "PRAGMA busy_timeout=10000; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=16000; PRAGMA journal_size_limit=65536000;";

    // Pooled connections come back with the same native handle and its settings, so each needs them once.
    private readonly ConditionalWeakTable<object, object> prepared = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Prepare(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Prepare(connection);
        return Task.CompletedTask;
    }

    private void Prepare(DbConnection connection)
    {
        if (connection is SqliteConnection sqlite)
        {
            sqlite.DefaultTimeout = PatienceInSeconds;
        }

        if (connection is SqliteConnection { Handle: { } handle } && prepared.TryAdd(handle, handle))
        {
            Execute(connection, Settings);
        }
    }

    /// <summary>For a connection that does not come from the driver's pool, and on which so many wait that it never moves the log into the file behind a commit.</summary>
    public static void Apply(SqliteConnection connection)
    {
        connection.DefaultTimeout = PatienceInSeconds;
        Execute(connection, Settings + "PRAGMA wal_autocheckpoint=0;");
    }

    private static void Execute(DbConnection connection, string settings)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Both are constants.
        command.CommandText = settings;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
