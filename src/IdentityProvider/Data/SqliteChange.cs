using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IdentityProvider.Data;

/// <summary>
/// A command that selects nothing, prepared on one connection. The driver would look for each parameter by its name each time, among all names of the command,
/// and make a reader to learn that there is nothing to read.
/// </summary>
internal sealed class SqliteChange : IDisposable
{
    private readonly sqlite3 connection;
    private readonly int parameters;
    private readonly Part[] parts;

    /// <exception cref="SqliteException">It is no command of this database.</exception>
    public SqliteChange(sqlite3 connection, Statement statement)
    {
        this.connection = connection;
        parameters = statement.Parameters.Count;
        var prepared = new List<Part>(1);
        for (var rest = statement.Text; !string.IsNullOrWhiteSpace(rest);)
        {
            Check(raw.sqlite3_prepare_v2(connection, rest, out var part, out rest));
            // SQLite counts parameters by where they first stand; 0 is one that this part does not have.
            prepared.Add(new Part(part, [.. statement.Parameters.Select(name => raw.sqlite3_bind_parameter_index(part, name))]));
        }

        parts = [.. prepared];
        for (var index = 0; index < parameters; index++)
        {
            if (!prepared.Exists(part => part.Places[index] > 0))
            {
                throw new ArgumentException($"The command has no parameter {statement.Parameters[index]}.", nameof(statement));
            }
        }
    }

    /// <param name="values">In the order of the statement's parameters.</param>
    /// <returns>How many rows it changed, all of its parts together.</returns>
    /// <exception cref="SqliteException">It failed. What its earlier parts changed is undone by whoever holds the transaction.</exception>
    public int Execute(object?[] values)
    {
        if (values.Length != parameters)
        {
            throw new ArgumentException($"The command has {parameters} parameters, not {values.Length}.", nameof(values));
        }

        var changed = 0;
        foreach (var part in parts)
        {
            changed += Execute(part, values);
        }

        return changed;
    }

    public void Dispose()
    {
        foreach (var part in parts)
        {
            part.Prepared.Dispose();
        }
    }

    private int Execute(Part part, object?[] values)
    {
        var (prepared, places) = part;
        for (var index = 0; index < values.Length; index++)
        {
            if (places[index] > 0)
            {
                Check(SqliteValues.Bind(prepared, places[index], values[index]));
            }
        }

        try
        {
            int result;
            while ((result = raw.sqlite3_step(prepared)) == raw.SQLITE_ROW)
            {
                // Some pragmas answer.
            }

            if (result != raw.SQLITE_DONE)
            {
                Check(result);
            }

            return raw.sqlite3_changes(connection);
        }
        finally
        {
            // Tells once more of what failed.
            _ = raw.sqlite3_reset(prepared);
        }
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, connection);

    /// <summary>A command may be several, one after the other.</summary>
    /// <param name="Places">Of the statement's parameters, in their order.</param>
    private readonly record struct Part(sqlite3_stmt Prepared, int[] Places);
}
