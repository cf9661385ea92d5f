using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace IdentityProvider.Benchmarks.Servers;

/// <summary>A database of its own, and the folder of one Host; both outlive a restart and go away in the end.</summary>
internal sealed class HostStorage : IAsyncDisposable
{
    private readonly string? administrator;
    private readonly string name = "idp_bench_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    private HostStorage(string folder, string? administrator)
    {
        Folder = folder;
        this.administrator = administrator;
        ConnectionString = administrator is null
            ? $"Data Source={Path.Combine(folder, "data", "identityprovider.db")}"
            : new NpgsqlConnectionStringBuilder(administrator) { Database = name }.ConnectionString;
    }

    public string Folder { get; }

    public string ConnectionString { get; }

    public bool IsPostgreSql => administrator is not null;

    public static async Task<HostStorage> CreateAsync(string parent, string name, DatabaseKind database)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, name)).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        if (database == DatabaseKind.Sqlite)
        {
            return new HostStorage(folder, null);
        }

        var storage = new HostStorage(folder, Environment.GetEnvironmentVariable("IDP_TEST_POSTGRES")
            ?? throw new BenchmarkException("IDP_TEST_POSTGRES must name a PostgreSQL server whose user may create databases."));
        await storage.AdministerAsync($"CREATE DATABASE {storage.name}");
        storage.WriteCertificate();
        return storage;
    }

    public void AddSettings(Dictionary<string, string> settings)
    {
        settings["IdentityProvider:Database:ConnectionString"] = ConnectionString;
        settings["IdentityProvider:Database:Provider"] = IsPostgreSql ? "PostgreSql" : "Sqlite";
        if (IsPostgreSql)
        {
            settings["IdentityProvider:Database:MigrateAtStart"] = "true";
            settings["IdentityProvider:DataProtection:CertificatePath"] = CertificatePath;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (IsPostgreSql)
        {
            await AdministerAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        }
    }

    private string CertificatePath => Path.Combine(Folder, "protection.pfx");

    private async Task AdministerAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(administrator!);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private void WriteCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=IdentityProvider benchmark", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UnixEpoch, DateTimeOffset.Parse("2100-01-01T00:00:00Z", CultureInfo.InvariantCulture));
        File.WriteAllBytes(CertificatePath, certificate.Export(X509ContentType.Pkcs12));
    }
}

/// <summary>The databases that the product runs on.</summary>
internal enum DatabaseKind
{
    Sqlite,
    Postgres,
}
