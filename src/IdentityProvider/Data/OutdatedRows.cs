namespace IdentityProvider.Data;

/// <summary>
/// The rows of a table whose time has come, in the order of that time: the two commands by which <see cref="Pruning"/> goes through them,
/// the same SQL on both databases.
/// </summary>
/// <param name="time">An indexed column with the moment that counts.</param>
/// <param name="condition">What must be true besides, looked at once in each run: SQL with values of its own by name.</param>
/// <param name="parameters">Their names.</param>
internal sealed class OutdatedRows(string table, string key, string time, string? condition = null, params string[] parameters)
{
    // The plain comparisons are what an index of the moment alone answers. PostgreSQL still has entries of deleted rows there: the scan begins behind them.
    private readonly Statement end = new(
        $"""
        SELECT "{time}", "{key}" FROM (
            SELECT "{time}", "{key}" FROM "{table}"
            WHERE "{time}" >= @from AND "{time}" < @before AND ("{time}", "{key}") > (@from, @after)
            ORDER BY "{time}", "{key}" LIMIT @rows) AS batch
        ORDER BY "{time}" DESC, "{key}" DESC LIMIT 1
        """,
        "@from", "@after", "@before", "@rows");

    private readonly Statement delete = new(
        $"""
        DELETE FROM "{table}"
        WHERE "{time}" >= @from AND "{time}" <= @to AND ("{time}", "{key}") > (@from, @after) AND ("{time}", "{key}") <= (@to, @last)
        {(condition is null ? "" : $"AND {condition}")}
        """,
        ["@from", "@after", "@to", "@last", .. parameters]);

    /// <summary>The last of the next so many rows; null when there are none.</summary>
    public ValueTask<RowPosition?> FindEndAsync(
        Statements statements, RowPosition position, DateTime before, int rows, CancellationToken cancellationToken) =>
        statements.ReadAsync(
            end, static row => new RowPosition(row.Time(0), row.GetValue(1)), cancellationToken, position.Time, position.Key, before, rows);

    /// <summary>Deletes what lies between two positions, as far as the condition is true.</summary>
    /// <returns>How many rows.</returns>
    public ValueTask<int> DeleteAsync(StatementWriter writer, RowPosition position, RowPosition last, object[] values) =>
        writer.ExecuteAsync(delete, [position.Time, position.Key, last.Time, last.Key, .. values]);
}

/// <summary>A row's place in the order of time. Rows of the same moment are told apart by their key, so that a batch is never larger than it should be.</summary>
/// <param name="Key">As the database gave it; null before all rows of that moment.</param>
internal sealed record RowPosition(DateTime Time, object? Key)
{
    public static RowPosition BeforeAll { get; } = new(DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc), null);
}
