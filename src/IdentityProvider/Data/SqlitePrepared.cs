using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IdentityProvider.Data;

/// <summary>
/// One command, prepared on one connection. Used by one thread at a time. The driver would look for each parameter by its name each time, among all
/// names of the command.
/// </summary>
internal readonly struct SqlitePrepared : IDisposable
{
    private readonly sqlite3 connection;
    private readonly int[] places;

    /// <param name="parameters">The names of all that values are given for, in their order; the command need not have each.</param>
    /// <param name="rest">What stands behind the command.</param>
    /// <exception cref="SqliteException">It is no command of this database.</exception>
    public SqlitePrepared(sqlite3 connection, string text, IReadOnlyList<string> parameters, out string rest)
    {
        this.connection = connection;
        Check(raw.sqlite3_prepare_v2(connection, text, out var command, out rest));
        Command = command;
        places = [.. parameters.Select(name => raw.sqlite3_bind_parameter_index(command, name))];
    }

    public sqlite3_stmt Command { get; }

    /// <summary>Of the parameters, in their order. SQLite counts them by where they first stand; 0 is one that the command does not have.</summary>
    public ReadOnlySpan<int> Places => places;

    /// <param name="values">In the order of the parameters.</param>
    /// <exception cref="SqliteException">It failed.</exception>
    public void Bind(object?[] values)
    {
        if (values.Length != places.Length)
        {
            // What is not given would keep the value of whoever asked before.
            throw new ArgumentException($"The command has {places.Length} parameters, not {values.Length}.", nameof(values));
        }

        for (var index = 0; index < values.Length; index++)
        {
            if (places[index] > 0)
            {
                Check(SqliteValues.Bind(Command, places[index], values[index]));
            }
        }
    }

    /// <returns>Whether it stands on a row now; otherwise it is done.</returns>
    /// <exception cref="SqliteException">It failed.</exception>
    public bool Step()
    {
        var result = raw.sqlite3_step(Command);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        if (result != raw.SQLITE_DONE)
        {
            Check(result);
        }

        return false;
    }

    /// <summary>Ends what was begun by <see cref="Step"/>, so that the log may be moved past what it read.</summary>
    // Tells once more of what failed.
    public void Reset() => _ = raw.sqlite3_reset(Command);

    public void Dispose() => Command.Dispose();

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, connection);
}
