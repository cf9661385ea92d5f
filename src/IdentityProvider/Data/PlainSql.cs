using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace IdentityProvider.Data;

/// <summary>A statement on the connection of a context, for whoever must see what its own transaction has written.</summary>
internal static class PlainSql
{
    /// <summary>All rows of a statement without parameters.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(
        this DbContext db, Statement statement, Func<DbDataReader, T> row, CancellationToken cancellationToken)
    {
        var command = db.GetService<IRawSqlCommandBuilder>().Build(statement.Text);
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(
            new RelationalCommandParameterObject(
                db.GetService<IRelationalConnection>(), parameterValues: null, readerColumns: null, db,
                db.GetService<IRelationalCommandDiagnosticsLogger>(), CommandSource.FromSqlQuery),
            cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader.DbDataReader));
        }

        return rows;
    }
}
