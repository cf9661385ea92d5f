using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IdentityProvider.Data;

/// <summary>A command that selects nothing, or several, one after the other. The driver would make a reader to learn that there is nothing to read.</summary>
internal sealed class SqliteChange : IDisposable
{
    private readonly sqlite3 connection;
    private readonly SqlitePrepared[] parts;

    /// <exception cref="SqliteException">It is no command of this database.</exception>
    /// <exception cref="ArgumentException">It lacks one of the parameters.</exception>
    public SqliteChange(sqlite3 connection, Statement statement)
    {
        this.connection = connection;
        var prepared = new List<SqlitePrepared>(1);
        for (var rest = statement.Text; !string.IsNullOrWhiteSpace(rest);)
        {
            prepared.Add(new SqlitePrepared(connection, rest, statement.Parameters, out rest));
        }

        parts = [.. prepared];
        for (var index = 0; index < statement.Parameters.Count; index++)
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
            part.Dispose();
        }
    }

    private int Execute(in SqlitePrepared part, object?[] values)
    {
        part.Bind(values);
        try
        {
            while (part.Step())
            {
                // Some pragmas answer.
            }

            return raw.sqlite3_changes(connection);
        }
        finally
        {
            part.Reset();
        }
    }
}
