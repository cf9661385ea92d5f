using System.Data.Common;
using Npgsql;

namespace IdentityProvider.Data;

/// <summary>On PostgreSQL: connections of the pool that EF Core uses too, on which the driver prepares what it sees again. Commits are grouped by the server.</summary>
internal sealed class PostgresStatements(NpgsqlDataSource source) : Statements
{
    public override async ValueTask<T?> ReadAsync<T>(
        Statement statement, Func<DbDataReader, T> row, CancellationToken cancellationToken, params object?[] values) where T : class
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = Command(connection, statement, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? row(reader) : null;
    }

    public override async ValueTask<List<T>> ReadAllAsync<T>(
        Statement statement, Func<DbDataReader, T> row, CancellationToken cancellationToken, params object?[] values)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = Command(connection, statement, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    public override List<T> ReadAll<T>(Statement statement, Func<DbDataReader, T> row, params object?[] values)
    {
        using var connection = source.OpenConnection();
        using var command = Command(connection, statement, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    public override async Task<T> WriteAsync<T>(Func<StatementWriter, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await work(new Writer(connection, cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, Statement statement, object?[] values)
    {
        var command = new NpgsqlCommand(statement.Text, connection);
        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters.AddWithValue(statement.Parameters[index], values[index] ?? DBNull.Value);
        }

        Count(statement);
        return command;
    }

    private sealed class Writer(NpgsqlConnection connection, CancellationToken cancellationToken) : StatementWriter
    {
        public override async ValueTask<int> ExecuteAsync(Statement statement, params object?[] values)
        {
            await using var command = Command(connection, statement, values);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
