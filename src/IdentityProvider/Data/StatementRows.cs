using System.Data.Common;

namespace IdentityProvider.Data;

/// <summary>Reads columns that may be null, with the meaning of time that <see cref="Conventions"/> gives them.</summary>
internal static class StatementRows
{
    public static string? Text(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static Guid? Guid(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

    public static DateTime? Utc(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc);
}
