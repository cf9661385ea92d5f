using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IdentityProvider.Data;

/// <summary>
/// A command that selects rows, prepared on one connection. Used by one thread at a time. The driver would look for each parameter by its name,
/// make a reader with what it knows of each column, and look at a clock, each time.
/// </summary>
internal sealed class SqliteQuery : IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt prepared;
    private readonly int[] places;
    private readonly SqliteRow row;

    /// <exception cref="SqliteException">It is no command of this database.</exception>
    /// <exception cref="ArgumentException">It is more than one command, or lacks one of the parameters.</exception>
    public SqliteQuery(sqlite3 connection, Statement statement)
    {
        this.connection = connection;
        Check(raw.sqlite3_prepare_v2(connection, statement.Text, out prepared, out var rest));
        places = [.. statement.Parameters.Select(name => raw.sqlite3_bind_parameter_index(prepared, name))];
        row = new SqliteRow(prepared);
        if (!string.IsNullOrWhiteSpace(rest) || places.Contains(0) || places.Length != raw.sqlite3_bind_parameter_count(prepared))
        {
            prepared.Dispose();
            throw new ArgumentException($"Not one command with these parameters: {statement.Text}", nameof(statement));
        }
    }

    /// <param name="values">In the order of the statement's parameters.</param>
    /// <exception cref="SqliteException">It failed.</exception>
    public T? First<T>(Func<DbDataReader, T> read, object?[] values) where T : class
    {
        Bind(values);
        try
        {
            return Step() ? read(row) : null;
        }
        finally
        {
            Reset();
        }
    }

    /// <param name="values">In the order of the statement's parameters.</param>
    /// <exception cref="SqliteException">It failed.</exception>
    public List<T> All<T>(Func<DbDataReader, T> read, object?[] values)
    {
        Bind(values);
        try
        {
            var rows = new List<T>();
            while (Step())
            {
                rows.Add(read(row));
            }

            return rows;
        }
        finally
        {
            Reset();
        }
    }

    public void Dispose()
    {
        row.Dispose();
        prepared.Dispose();
    }

    private void Bind(object?[] values)
    {
        if (values.Length != places.Length)
        {
            // What is not given would keep the value of whoever asked before.
            throw new ArgumentException($"The command has {places.Length} parameters, not {values.Length}.", nameof(values));
        }

        for (var index = 0; index < values.Length; index++)
        {
            Check(SqliteValues.Bind(prepared, places[index], values[index]));
        }
    }

    private bool Step()
    {
        var result = raw.sqlite3_step(prepared);
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

    // Ends the read, so that the log may be moved past it. Tells once more of what failed.
    private void Reset() => _ = raw.sqlite3_reset(prepared);

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, connection);
}
