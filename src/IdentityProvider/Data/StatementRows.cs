using System.Data.Common;

namespace IdentityProvider.Data;

/// <summary>Reads columns that may be null, with the meaning of time that <see cref="Conventions"/> gives them.</summary>
internal static class StatementRows
{
    public static string? Text(this DbDataReader row, int column) =>
        row is SqliteRow sqlite ? sqlite.GetStringOrNull(column) : row.IsDBNull(column) ? null : row.GetString(column);

    public static Guid? Guid(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

    public static byte[]? Bytes(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    public static DateTime? Utc(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc);

    /// <summary>A moment that is always there.</summary>
    public static DateTime Time(this DbDataReader row, int column) => DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc);
}
