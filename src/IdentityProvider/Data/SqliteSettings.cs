using Microsoft.Data.Sqlite;

namespace IdentityProvider.Data;

/// <summary>
/// Settings SQLite keeps per connection. A write is on the disk before it is acknowledged (FULL), foreign keys hold,
/// and a writer waits for the other writer inside SQLite, which looks every few milliseconds; the driver's own retry looks every 150.
/// </summary>
internal static class SqliteSettings
{
    // What is written moves from the log into the file every 16 MB and not every 4: a page that changed a hundred times moves once.
    private const string Text = "PRAGMA busy_timeout=10000; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=4000;";

    /// <summary>Beyond that SQLite is not asked again: the request fails and may be repeated (DatabaseOutage).</summary>
    public const int PatienceInSeconds = 10;

    public static void Apply(SqliteConnection connection)
    {
        connection.DefaultTimeout = PatienceInSeconds;
        using var command = connection.CreateCommand();
        command.CommandText = Text;
        command.ExecuteNonQuery();
    }
}
