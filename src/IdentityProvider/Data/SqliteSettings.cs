using Microsoft.Data.Sqlite;

namespace IdentityProvider.Data;

/// <summary>
/// Settings SQLite keeps per connection. A write is on the disk before it is acknowledged (FULL), foreign keys hold,
/// and a writer waits for the other writer inside SQLite, which looks every few milliseconds; the driver's own retry looks every 150.
/// </summary>
internal static class SqliteSettings
{
    // What is written is moved from the log into the file by SqliteCheckpoints, and behind a commit only where that does not get to it: after 64 MB.
    // A log that grew longer, because somebody read for long, is cut to as much when it begins anew.
    private const string Usual =
        "PRAGMA busy_timeout=10000; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=16000; PRAGMA journal_size_limit=65536000;";

    /// <summary>Beyond that SQLite is not asked again: the request fails and may be repeated (DatabaseOutage).</summary>
    public const int PatienceInSeconds = 10;

    public static void Apply(SqliteConnection connection) => Apply(connection, Usual);

    /// <summary>For a connection on which so many wait that it never moves the log into the file behind a commit.</summary>
    public static void ApplyToShared(SqliteConnection connection) => Apply(connection, Usual + "PRAGMA wal_autocheckpoint=0;");

    private static void Apply(SqliteConnection connection, string settings)
    {
        connection.DefaultTimeout = PatienceInSeconds;
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Both are constants.
        command.CommandText = settings;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
