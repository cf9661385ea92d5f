using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IdentityProvider.Testing;

/// <summary>What survives a restart of the provider: an empty database of its own, and a content root.</summary>
public sealed class TestStorage : IAsyncDisposable
{
    private TestStorage(TestDatabase database)
    {
        Database = database;
        ContentRoot = Directory.CreateTempSubdirectory("identityprovider-test-").FullName;
        Name = "idp_test_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    }

    public TestDatabase Database { get; }

    public string ContentRoot { get; }

    public string ConnectionString { get; private set; } = "";

    private string Name { get; }

    /// <summary>Makes a fresh database. Skips the running test where the database is not installed.</summary>
    public static async Task<TestStorage> CreateAsync(TestDatabase database)
    {
        Installed.Require(database);
        var storage = new TestStorage(database);
        if (database == TestDatabase.PostgreSql)
        {
            await ExecuteAsAdministratorAsync($"CREATE DATABASE {storage.Name}");
            var connection = Installed.PostgreSqlConnection();
            connection.Database = storage.Name;
            connection.MaxPoolSize = 20;
            storage.ConnectionString = connection.ConnectionString;
            storage.WriteCertificate();
        }
        else
        {
            Directory.CreateDirectory(Path.Combine(storage.ContentRoot, "data"));
            storage.ConnectionString = $"Data Source={Path.Combine(storage.ContentRoot, "data", "identityprovider.db")}";
        }

        return storage;
    }

    /// <summary>The settings that lead a provider to this storage.</summary>
    public IReadOnlyDictionary<string, string?> Settings => Database == TestDatabase.PostgreSql
        ? new Dictionary<string, string?>
        {
            ["IdentityProvider:Database:Provider"] = "PostgreSql",
            ["IdentityProvider:Database:ConnectionString"] = ConnectionString,
            ["IdentityProvider:Database:MigrateAtStart"] = "true",
            ["IdentityProvider:DataProtection:CertificatePath"] = CertificatePath,
        }
        : new Dictionary<string, string?>
        {
            ["IdentityProvider:Database:Provider"] = "Sqlite",
            ["IdentityProvider:Database:ConnectionString"] = ConnectionString,
        };

    private string CertificatePath => Path.Combine(ContentRoot, "protection.pfx");

    public async ValueTask DisposeAsync()
    {
        if (Database == TestDatabase.PostgreSql)
        {
            await ExecuteAsAdministratorAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
            await using var pool = new NpgsqlConnection(ConnectionString);
            NpgsqlConnection.ClearPool(pool);
        }
        else
        {
            await using var pool = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(pool);
        }

        Directory.Delete(ContentRoot, recursive: true);
    }

    private static async Task ExecuteAsAdministratorAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Installed.PostgreSqlConnection());
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    // Several nodes share one certificate, so on PostgreSQL the configuration names it.
    private void WriteCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=IdentityProvider test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UnixEpoch, DateTimeOffset.Parse("2100-01-01T00:00:00Z", CultureInfo.InvariantCulture));
        File.WriteAllBytes(CertificatePath, certificate.Export(X509ContentType.Pkcs12));
    }
}
