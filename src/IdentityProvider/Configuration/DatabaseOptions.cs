namespace IdentityProvider.Configuration;

/// <summary>Which database software holds the data.</summary>
internal enum DatabaseProvider
{
    Sqlite,
    PostgreSql,
}

/// <summary>The section <c>IdentityProvider:Database</c>.</summary>
internal sealed class DatabaseOptions
{
    public const string Section = ProviderOptions.Section + ":Database";

    /// <summary>The embedded default is one SQLite file; several nodes share a PostgreSQL database.</summary>
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>An ADO.NET connection string. Absent on SQLite: <c>data/identityprovider.db</c> in the content root.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether a start applies pending migrations. Absent: true on SQLite, false on PostgreSQL.</summary>
    public bool? MigrateAtStart { get; set; }

    public bool MigratesAtStart => MigrateAtStart ?? Provider == DatabaseProvider.Sqlite;
}
