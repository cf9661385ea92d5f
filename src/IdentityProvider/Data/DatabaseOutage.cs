using Microsoft.Data.Sqlite;
using Npgsql;

namespace IdentityProvider.Data;

/// <summary>Tells a database that cannot be reached, or is too busy to answer, from one that answered with an error.</summary>
internal static class DatabaseOutage
{
    // SQLITE_BUSY and SQLITE_LOCKED: somebody else held it for longer than we wait. SQLITE_CANTOPEN: its disk is away.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int CannotOpen = 14;

    /// <summary>Whether the same request may succeed in a few seconds, without anybody changing anything here.</summary>
    public static bool Caused(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is NpgsqlException { IsTransient: true }
                or PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow }
                or SqliteException { SqliteErrorCode: Busy or Locked or CannotOpen })
            {
                return true;
            }
        }

        return false;
    }
}
