using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace IdentityProvider.Configuration;

/// <summary>Which database software holds the data.</summary>
internal enum DatabaseProvider
{
    Sqlite,
    PostgreSql,
}

/// <summary>The section <c>IdentityProvider:Database</c>.</summary>
internal sealed class DatabaseOptions : ICheckedSettings
{
    public const string Section = ProviderOptions.Section + ":Database";

    /// <summary>The embedded default is one SQLite file; several nodes share a PostgreSQL database.</summary>
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>An ADO.NET connection string. Absent on SQLite: <c>data/identityprovider.db</c> in the content root.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether a start applies pending migrations. Absent: true on SQLite, false on PostgreSQL.</summary>
    public bool? MigrateAtStart { get; set; }

    public bool MigratesAtStart => MigrateAtStart ?? Provider == DatabaseProvider.Sqlite;

    public IEnumerable<string> Problems(IHostEnvironment environment)
    {
        const string key = Section + ":ConnectionString";
        if (Provider == DatabaseProvider.PostgreSql && ConnectionString is null)
        {
            yield return $"{key} is missing; PostgreSQL needs one such as Host=db.example.com;Database=identityprovider;Username=identityprovider;Password=….";
        }
        else if (ConnectionString is not null && !CanBeRead(ConnectionString))
        {
            // The string may hold a password, so it is not repeated.
            yield return Provider == DatabaseProvider.PostgreSql
                ? $"{key} cannot be read as a PostgreSQL connection string; write Host=…;Database=…;Username=…;Password=…."
                : $"{key} cannot be read as a SQLite connection string; write Data Source=/path/to/identityprovider.db.";
        }
    }

    private bool CanBeRead(string connectionString)
    {
        try
        {
            return Provider == DatabaseProvider.PostgreSql ? IsForPostgres(connectionString) : IsForSqlite(connectionString);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // Methods of their own, so that the driver of the other database is not even loaded.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsForPostgres(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Host is { Length: > 0 };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsForSqlite(string connectionString) => new SqliteConnectionStringBuilder(connectionString).DataSource.Length > 0;
}
