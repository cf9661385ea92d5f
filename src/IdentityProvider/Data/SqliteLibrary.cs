using SQLitePCL;

namespace IdentityProvider.Data;

/// <summary>What SQLite as a whole is told, which it hears only before the first connection of the process.</summary>
internal static class SqliteLibrary
{
    // Every piece of memory would be counted under one lock that all connections share; nobody asks for the sum.
    private static readonly Lazy<bool> uncounted = new(() =>
    {
        Batteries_V2.Init();
        return raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0) == raw.SQLITE_OK;
    });

    /// <returns>False when a connection was opened before: then SQLite stays as it is, which costs some speed and nothing else.</returns>
    public static bool Prepare() => uncounted.Value;
}
