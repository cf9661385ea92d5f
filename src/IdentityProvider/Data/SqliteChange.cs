using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IdentityProvider.Data;

/// <summary>
/// A command that selects nothing, prepared on one connection. Values are written as the driver writes them, which every other reader and writer of the
/// file expects; but the driver looks for each parameter by its name each time, among all names of the command, and makes a reader to learn that there is nothing to read.
/// </summary>
internal sealed class SqliteChange : IDisposable
{
    private const int GuidLength = 36;
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss.FFFFFFF";

    private readonly sqlite3 connection;
    private readonly sqlite3_stmt prepared;
    private readonly int[] places;

    /// <exception cref="SqliteException">It is no command of this database.</exception>
    public SqliteChange(sqlite3 connection, Statement statement)
    {
        this.connection = connection;
        Check(raw.sqlite3_prepare_v2(connection, statement.Text, out prepared));
        // SQLite counts parameters by where they first stand.
        places = [.. statement.Parameters.Select(name => raw.sqlite3_bind_parameter_index(prepared, name))];
    }

    /// <param name="values">In the order of the statement's parameters.</param>
    /// <returns>How many rows it changed.</returns>
    /// <exception cref="SqliteException">It failed, and changed nothing.</exception>
    public int Execute(object?[] values)
    {
        if (values.Length != places.Length)
        {
            throw new ArgumentException($"The command has {places.Length} parameters, not {values.Length}.", nameof(values));
        }

        for (var index = 0; index < values.Length; index++)
        {
            Check(Bind(places[index], values[index]));
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

    public void Dispose() => prepared.Dispose();

    private int Bind(int place, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(prepared, place),
        string text => raw.sqlite3_bind_text(prepared, place, text),
        byte[] bytes => raw.sqlite3_bind_blob(prepared, place, bytes),
        Guid id => BindGuid(place, id),
        DateTime time => BindTime(place, time),
        bool flag => raw.sqlite3_bind_int64(prepared, place, flag ? 1 : 0),
        int number => raw.sqlite3_bind_int64(prepared, place, number),
        long number => raw.sqlite3_bind_int64(prepared, place, number),
        _ => throw new NotSupportedException($"No statement writes a value of {value.GetType()}."),
    };

    private int BindGuid(int place, Guid id)
    {
        Span<byte> text = stackalloc byte[GuidLength];
        _ = id.TryFormat(text, out _);
        _ = Ascii.ToUpperInPlace(text, out _);
        return raw.sqlite3_bind_text(prepared, place, text);
    }

    private int BindTime(int place, DateTime time)
    {
        Span<byte> text = stackalloc byte[TimeFormat.Length];
        _ = time.TryFormat(text, out var length, TimeFormat, CultureInfo.InvariantCulture);
        return raw.sqlite3_bind_text(prepared, place, text[..length]);
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, connection);
}
