using Microsoft.Data.Sqlite;
using Npgsql;

namespace IdentityProvider.Benchmarks.Growth;

/// <summary>Writes many rows of one table straight into a database whose server is not running.</summary>
internal abstract class RowWriter : IAsyncDisposable
{
    public static async Task<RowWriter> OpenAsync(System.Data.Common.DbConnection connection, Template template) => connection is NpgsqlConnection npgsql
        ? new CopyWriter(template, await npgsql.BeginBinaryImportAsync(
            $"COPY \"{template.Table}\" ({string.Join(", ", template.Columns.Select(column => $"\"{column}\""))}) FROM STDIN (FORMAT BINARY)"))
        : new InsertWriter(template, (SqliteConnection)connection);

    public abstract Task WriteAsync(object?[] row);

    public abstract ValueTask DisposeAsync();

    private sealed class CopyWriter(Template template, NpgsqlBinaryImporter importer) : RowWriter
    {
        public override async Task WriteAsync(object?[] row)
        {
            await importer.StartRowAsync();
            for (var index = 0; index < row.Length; index++)
            {
                await (row[index] is { } value ? importer.WriteAsync(value, template.Types[index]) : importer.WriteNullAsync());
            }
        }

        public override async ValueTask DisposeAsync()
        {
            await importer.CompleteAsync();
            await importer.DisposeAsync();
        }
    }

    private sealed class InsertWriter : RowWriter
    {
        private readonly SqliteTransaction transaction;
        private readonly SqliteCommand insert;

        public InsertWriter(Template template, SqliteConnection connection)
        {
            transaction = connection.BeginTransaction();
            insert = connection.CreateCommand();
            insert.Transaction = transaction;
            var numbers = Enumerable.Range(0, template.Columns.Count).ToList();
            insert.CommandText = $"INSERT INTO \"{template.Table}\" ({string.Join(", ", template.Columns.Select(column => $"\"{column}\""))}) "
                + $"VALUES ({string.Join(", ", numbers.Select(number => $"$p{number}"))})";
            insert.Parameters.AddRange(numbers.Select(number => new SqliteParameter($"$p{number}", DBNull.Value)));
        }

        public override Task WriteAsync(object?[] row)
        {
            for (var index = 0; index < row.Length; index++)
            {
                insert.Parameters[index].Value = row[index] ?? DBNull.Value;
            }

            insert.ExecuteNonQuery();
            return Task.CompletedTask;
        }

        public override async ValueTask DisposeAsync()
        {
            await transaction.CommitAsync();
            await insert.DisposeAsync();
            await transaction.DisposeAsync();
        }
    }
}
