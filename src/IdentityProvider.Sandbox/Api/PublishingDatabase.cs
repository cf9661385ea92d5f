using Microsoft.Data.Sqlite;

namespace IdentityProvider.Sandbox.Api;

/// <summary>The API's own SQLite file. It is made, with a few posts and readers in it, when the API needs it for the first time.</summary>
internal sealed class PublishingDatabase
{
    private readonly string connectionString;

    public PublishingDatabase(string path, TimeProvider clock)
    {
        connectionString = new SqliteConnectionStringBuilder { DataSource = path }.ToString();
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        if (command.ExecuteScalar() is 0L)
        {
            command.CommandText = FirstContent.Sql(clock.GetUtcNow());
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    /// <summary>Runs one statement.</summary>
    /// <returns>Its rows: those found, or those that a writing statement returns.</returns>
    public IReadOnlyList<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params IEnumerable<(string Name, object? Value)> parameters)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        return connection;
    }
}
