using Npgsql;

namespace IdentityProvider.Testing;

/// <summary>What this machine offers beyond the SDK. <c>tests/run</c> provides all of it; a plain <c>dotnet test</c> may not.</summary>
public static class Installed
{
    /// <summary>The administrator's connection string of a PostgreSQL server that tests may fill with databases.</summary>
    public static string? PostgreSql { get; } = NotEmpty(Environment.GetEnvironmentVariable("IDP_TEST_POSTGRES"));

    public static string? Chromium { get; } =
        NotEmpty(Environment.GetEnvironmentVariable("IDP_TEST_CHROMIUM")) ?? OnPath("chromium", "chromium-browser", "google-chrome");

    public static string? Nginx { get; } = NotEmpty(Environment.GetEnvironmentVariable("IDP_TEST_NGINX")) ?? OnPath("nginx");

    /// <summary>Why PostgreSQL tests cannot run here, or null when they can.</summary>
    public static string? WithoutPostgreSql { get; } = PostgreSql is null
        ? "No PostgreSQL server: tests/run starts one, or name one in IDP_TEST_POSTGRES."
        : null;

    public static string? WithoutChromium { get; } = Chromium is null
        ? "No Chromium: tests/run installs it, or name one in IDP_TEST_CHROMIUM."
        : null;

    public static string? WithoutNginx { get; } = Nginx is null
        ? "No nginx: tests/run installs it, or name one in IDP_TEST_NGINX."
        : null;

    /// <summary>Why the relying party on Node.js cannot run here, or null when it can.</summary>
    public static string? WithoutNode { get; } =
        OnPath("node") is null ? "No Node.js: install version 20 or newer."
        : !Directory.Exists(Repository.PathOf("tests", "IdentityProvider.IntegrationTests", "Interop", "node", "node_modules"))
            ? "The packages of the relying party on Node.js are not installed: tests/run does it, or npm ci in tests/IdentityProvider.IntegrationTests/Interop/node."
            : null;

    public static string? Without(TestDatabase database) => database == TestDatabase.PostgreSql ? WithoutPostgreSql : null;

    /// <summary>Reports the running test as skipped when its database is not there.</summary>
    public static void Require(TestDatabase database)
    {
        if (Without(database) is { } reason)
        {
            Assert.Skip(reason);
        }
    }

    internal static NpgsqlConnectionStringBuilder PostgreSqlConnection() =>
        new(PostgreSql ?? throw new InvalidOperationException(WithoutPostgreSql));

    private static string? NotEmpty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;

    private static string? OnPath(params string[] names)
    {
        // Debian keeps nginx in /usr/sbin, which is not on everybody's path.
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin");
        return folders.Where(folder => folder.Length > 0)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }
}
