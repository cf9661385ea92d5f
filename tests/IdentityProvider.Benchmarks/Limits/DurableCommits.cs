using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace IdentityProvider.Benchmarks.Limits;

/// <summary>Rows of the size of a token's, committed to a SQLite file as the product configures it: WAL, and each commit on the disk.</summary>
internal sealed class DurableCommits : IDisposable
{
    public const int BatchSize = 64;

    private readonly SqliteConnection connection;
    private readonly SqliteCommand begin;
    private readonly SqliteCommand insert;
    private readonly SqliteCommand commit;
    private readonly SqliteParameter id = new("$id", "");

    public DurableCommits(string folder)
    {
        connection = new SqliteConnection($"Data Source={Path.Combine(folder, "limit.db")}");
        connection.Open();
        Command("PRAGMA journal_mode=WAL").ExecuteNonQuery();
        Command("PRAGMA synchronous=FULL").ExecuteNonQuery();
        Command("CREATE TABLE tokens (id TEXT PRIMARY KEY, payload TEXT NOT NULL) WITHOUT ROWID").ExecuteNonQuery();
        begin = Command("BEGIN IMMEDIATE");
        commit = Command("COMMIT");
        insert = Command("INSERT INTO tokens VALUES ($id, $payload)");
        insert.Parameters.Add(id);
        insert.Parameters.AddWithValue("$payload", Convert.ToHexString(RandomNumberGenerator.GetBytes(400)));
        insert.Prepare();
    }

    public void Commit(int rows)
    {
        begin.ExecuteNonQuery();
        for (var row = 0; row < rows; row++)
        {
            id.Value = Guid.CreateVersion7().ToString();
            insert.ExecuteNonQuery();
        }

        commit.ExecuteNonQuery();
    }

    public void Dispose()
    {
        begin.Dispose();
        insert.Dispose();
        commit.Dispose();
        SqliteConnection.ClearPool(connection);
        connection.Dispose();
    }

    private SqliteCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
