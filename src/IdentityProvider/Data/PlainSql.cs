using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace IdentityProvider.Data;

/// <summary>
/// Small statements that are the same SQL on both databases, for what an idle server does: a query that is worked out from an expression
/// costs about a megabyte for as long as the program runs. Values in braces become parameters, as everywhere in EF Core.
/// </summary>
internal static class PlainSql
{
    /// <summary>Whether the query has a row.</summary>
    public static async Task<bool> AnyAsync(this DbContext db, FormattableString query, CancellationToken cancellationToken) =>
        (await db.ReadAsync(query, _ => true, cancellationToken)).Count > 0;

    /// <summary>All rows of the query.</summary>
    public static async Task<List<T>> ReadAsync<T>(
        this DbContext db, FormattableString query, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var (command, parameters) = Prepare(db, query);
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(parameters, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader.DbDataReader));
        }

        return rows;
    }

    /// <summary>The same, for an interface of the framework that cannot wait.</summary>
    public static List<T> Read<T>(this DbContext db, FormattableString query, Func<DbDataReader, T> read)
    {
        var (command, parameters) = Prepare(db, query);
        var rows = new List<T>();
        using var reader = command.ExecuteReader(parameters);
        while (reader.Read())
        {
            rows.Add(read(reader.DbDataReader));
        }

        return rows;
    }

    private static (IRelationalCommand Command, RelationalCommandParameterObject Parameters) Prepare(DbContext db, FormattableString query)
    {
        var command = db.GetService<IRawSqlCommandBuilder>().Build(query.Format, query.GetArguments()!, db.Model);
        return (command.RelationalCommand, new RelationalCommandParameterObject(
            db.GetService<IRelationalConnection>(), command.ParameterValues, readerColumns: null, db,
            db.GetService<IRelationalCommandDiagnosticsLogger>(), CommandSource.FromSqlQuery));
    }
}
