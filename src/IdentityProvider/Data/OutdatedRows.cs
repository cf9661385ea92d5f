using System.Data.Common;

namespace IdentityProvider.Data;

/// <summary>
/// The rows of a table whose time has come, in the order of that time: the two commands by which <see cref="Pruning"/> goes through them,
/// the same SQL on both databases.
/// </summary>
/// <param name="time">An indexed column with the moment that counts.</param>
/// <param name="condition">What must be true besides, looked at once in each run: SQL with values of its own by name.</param>
/// <param name="parameters">Their names.</param>
/// <param name="erased">A column that is all that goes, of those rows where it holds something; without one the rows go.</param>
/// <param name="urgent">Whether what is due comes with each request and must go as fast as it comes.</param>
internal sealed class OutdatedRows(
    string table, string key, string time, string? erased = null, bool urgent = false, string? condition = null, params string[] parameters)
{
    private static readonly TimeSpan lateAfter = TimeSpan.FromDays(1);

    private readonly Statement firstEnd = End(table, key, time, erased, "", []);
    private readonly Statement nextEnd = End(table, key, time, erased, After(key, time), ["@from", "@after"]);
    private readonly Statement deleteFirst = Delete(table, key, time, erased, "", condition, parameters);
    private readonly Statement deleteNext = Delete(table, key, time, erased, After(key, time), condition, ["@from", "@after", .. parameters]);

    /// <summary>Whether what is due comes with each request and must go as fast as it comes: it is always late.</summary>
    public bool Urgent => urgent;

    /// <summary>The last of the next so many rows; null when there are none.</summary>
    /// <param name="position">Behind which they are; null for the first.</param>
    public ValueTask<RowPosition?> FindEndAsync(
        Statements statements, RowPosition? position, DateTime before, int rows, CancellationToken cancellationToken)
    {
        var late = urgent ? before : before - lateAfter;
        return position is null
            ? statements.ReadAsync(firstEnd, Read, cancellationToken, before, rows, late)
            : statements.ReadAsync(nextEnd, Read, cancellationToken, before, rows, late, position.Time, position.Key);
    }

    /// <summary>Deletes what lies behind a position and up to another, as far as the condition is true.</summary>
    /// <returns>How many rows.</returns>
    public ValueTask<int> DeleteAsync(StatementWriter writer, RowPosition? position, RowPosition last, object[] values) =>
        position is null
            ? writer.ExecuteAsync(deleteFirst, [last.Time, last.Key, .. values])
            : writer.ExecuteAsync(deleteNext, [last.Time, last.Key, position.Time, position.Key, .. values]);

    // The plain comparisons are what an index of the moment alone answers. PostgreSQL still has entries of deleted rows there: the scan begins behind them.
    private static Statement End(string table, string key, string time, string? erased, string after, string[] position) => new(
        $"""
        SELECT "{time}", "{key}", CASE WHEN "{time}" < @late THEN 1 ELSE 0 END FROM (
            SELECT "{time}", "{key}" FROM "{table}"
            WHERE "{time}" < @before {after} {Holding(erased)}
            ORDER BY "{time}", "{key}" LIMIT @rows) AS batch
        ORDER BY "{time}" DESC, "{key}" DESC LIMIT 1
        """,
        ["@before", "@rows", "@late", .. position]);

    private static Statement Delete(
        string table, string key, string time, string? erased, string after, string? condition, string[] others) => new(
        $"""
        {(erased is null ? $"DELETE FROM \"{table}\"" : $"UPDATE \"{table}\" SET \"{erased}\" = NULL")}
        WHERE "{time}" <= @to AND ("{time}", "{key}") <= (@to, @last) {after} {Holding(erased)}
        {(condition is null ? "" : $"AND {condition}")}
        """,
        ["@to", "@last", .. others]);

    private static string After(string key, string time) => $"""AND "{time}" >= @from AND ("{time}", "{key}") > (@from, @after)""";

    // In the words of an index that has only such rows.
    private static string Holding(string? erased) => erased is null ? "" : $"AND \"{erased}\" IS NOT NULL";

    private static RowPosition Read(DbDataReader row) => new(row.GetValue(0), row.GetValue(1), row.GetInt32(2) == 1);
}

/// <summary>
/// A row's place in the order of time, in the database's own words: SQLite compares times as text, and one that was read and written again may stand elsewhere.
/// Rows of the same moment are told apart by their key, so that a batch is never larger than it should be.
/// </summary>
/// <param name="IsLate">Whether the row should have gone long ago.</param>
internal sealed record RowPosition(object Time, object Key, bool IsLate);
