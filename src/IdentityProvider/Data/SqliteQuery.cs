using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IdentityProvider.Data;

/// <summary>A command that selects rows. The driver would make a reader with what it knows of each column, and look at a clock, each time.</summary>
internal sealed class SqliteQuery : IDisposable
{
    private readonly SqlitePrepared prepared;
    private readonly SqliteRow row;

    /// <exception cref="SqliteException">It is no command of this database.</exception>
    /// <exception cref="ArgumentException">It is more than one command, or lacks one of the parameters.</exception>
    public SqliteQuery(sqlite3 connection, Statement statement)
    {
        prepared = new SqlitePrepared(connection, statement.Text, statement.Parameters, out var rest);
        row = new SqliteRow(prepared.Command);
        if (!string.IsNullOrWhiteSpace(rest)
            || prepared.Places.Contains(0) || prepared.Places.Length != raw.sqlite3_bind_parameter_count(prepared.Command))
        {
            prepared.Dispose();
            throw new ArgumentException($"Not one command with these parameters: {statement.Text}", nameof(statement));
        }
    }

    /// <param name="values">In the order of the statement's parameters.</param>
    /// <exception cref="SqliteException">It failed.</exception>
    public T? First<T>(Func<DbDataReader, T> read, object?[] values) where T : class
    {
        prepared.Bind(values);
        try
        {
            return prepared.Step() ? read(row) : null;
        }
        finally
        {
            prepared.Reset();
        }
    }

    /// <param name="values">In the order of the statement's parameters.</param>
    /// <exception cref="SqliteException">It failed.</exception>
    public List<T> All<T>(Func<DbDataReader, T> read, object?[] values)
    {
        prepared.Bind(values);
        try
        {
            var rows = new List<T>();
            while (prepared.Step())
            {
                rows.Add(read(row));
            }

            return rows;
        }
        finally
        {
            prepared.Reset();
        }
    }

    public void Dispose()
    {
        row.Dispose();
        prepared.Dispose();
    }
}
