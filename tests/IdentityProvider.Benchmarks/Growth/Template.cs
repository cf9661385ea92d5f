using System.Data.Common;
using System.Globalization;

namespace IdentityProvider.Benchmarks.Growth;

/// <summary>
/// A row that the product wrote itself. Others are made from it by changing what must differ, so that a new column needs nothing here.
/// </summary>
internal sealed class Template
{
    private readonly object?[] values;
    private readonly bool isSqlite;

    private Template(string table, string[] columns, string[] types, object?[] values, bool isSqlite)
    {
        Table = table;
        Columns = columns;
        Types = types;
        this.values = values;
        this.isSqlite = isSqlite;
    }

    public string Table { get; }

    public IReadOnlyList<string> Columns { get; }

    /// <summary>As the database calls them.</summary>
    public IReadOnlyList<string> Types { get; }

    public object? this[string column] => values[Index(column)];

    public static async Task<Template> ReadAsync(DbConnection connection, string table, string condition, bool isSqlite)
    {
        await using var command = connection.CreateCommand();
        // The caller writes both in its source.
        command.CommandText = $"SELECT * FROM \"{table}\" WHERE {condition} LIMIT 1";
        await using var reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync())
        {
            throw new BenchmarkException($"No row of {table} can serve as a template.");
        }

        var count = reader.FieldCount;
        return new Template(
            table,
            [.. Enumerable.Range(0, count).Select(reader.GetName)],
            [.. Enumerable.Range(0, count).Select(reader.GetDataTypeName)],
            [.. Enumerable.Range(0, count).Select(index => reader.IsDBNull(index) ? null : reader.GetValue(index))],
            isSqlite);
    }

    /// <summary>A row like this one but for the columns that are named.</summary>
    public object?[] With(params ReadOnlySpan<(string Column, object? Value)> changes)
    {
        object?[] row = [.. values];
        foreach (var (column, value) in changes)
        {
            row[Index(column)] = isSqlite ? AsSqlite(value) : value;
        }

        return row;
    }

    // As EF Core writes them.
    private static object? AsSqlite(object? value) => value switch
    {
        Guid id => id.ToString().ToUpperInvariant(),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        bool yes => yes ? 1L : 0L,
        _ => value,
    };

    private int Index(string column) => Array.IndexOf((string[])Columns, column) is >= 0 and var index
        ? index
        : throw new BenchmarkException($"The table {Table} has no column {column} any more: adapt Growth/Crowd.cs.");
}
