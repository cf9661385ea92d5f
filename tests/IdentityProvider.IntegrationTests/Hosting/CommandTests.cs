using System.Net.Http.Json;
using System.Text.Json;
using IdentityProvider.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace IdentityProvider.IntegrationTests.Hosting;

/// <summary>The Host as an operator meets it: a program with arguments, output and an exit code.</summary>
public sealed class CommandTests
{
    private static readonly Dictionary<string, string?> InMemoryOnly = new() { ["IdentityProvider:Issuer"] = "http://localhost:5000" };

    [Fact]
    public async Task A_start_with_wrong_settings_says_one_sentence_each_and_no_stack_trace()
    {
        var folder = Directory.CreateTempSubdirectory("identityprovider-test-");

        var (exitCode, output) = await HostProcess.RunAsync(folder.FullName, new Dictionary<string, string?>
        {
            ["IdentityProvider:Isuer"] = "http://localhost:5000",
            ["IdentityProvider:Database:Provider"] = "MySql",
        });

        Assert.Equal(1, exitCode);
        Assert.Equal(
            [
                "IdentityProvider:Database:Provider is \"MySql\"; use Sqlite or PostgreSql.",
                "IdentityProvider:Issuer is missing; set it to the https address people and apps reach this server at, such as https://login.example.com.",
                "IdentityProvider:Isuer is not a setting; did you mean IdentityProvider:Issuer?",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        Assert.Empty(folder.EnumerateFileSystemInfos());
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Checking_the_configuration_makes_no_file()
    {
        var folder = Directory.CreateTempSubdirectory("identityprovider-test-");

        var (exitCode, output) = await HostProcess.RunAsync(folder.FullName, InMemoryOnly, "check-config");

        Assert.Equal((0, "The configuration is right.\n"), (exitCode, output));
        Assert.Empty(folder.EnumerateFileSystemInfos());
        folder.Delete(recursive: true);
    }

    [Theory]
    [OnEachDatabase]
    public async Task An_operator_migrates_makes_an_administrator_and_looks_after_keys(TestDatabase database)
    {
        await using var storage = await TestStorage.CreateAsync(database);
        var settings = SettingsFor(storage);
        settings["IdentityProvider:Database:MigrateAtStart"] = "false";

        var unready = await HostProcess.RunAsync(storage.ContentRoot, settings, "keys", "list");
        Assert.Equal(1, unready.ExitCode);
        Assert.Contains("run the command migrate first", unready.Output, StringComparison.Ordinal);

        Assert.Contains("Applied ", await SucceedAsync("migrate"), StringComparison.Ordinal);
        Assert.Equal("The database is up to date.\n", await SucceedAsync("migrate"));
        Assert.StartsWith("http://localhost:5000/setup?token=", await SucceedAsync("setup-link"), StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(storage.ContentRoot, "password"), "a long enough password\n");
        Assert.StartsWith("Made ada with sub ", await SucceedAsync("users", "create", "ada", "--role", "administrator", "--password-file", "password"), StringComparison.Ordinal);
        Assert.Equal(1, (await HostProcess.RunAsync(storage.ContentRoot, settings, "setup-link")).ExitCode);
        Assert.Equal(1, (await HostProcess.RunAsync(storage.ContentRoot, settings, "users", "create", "ADA", "--no-password")).ExitCode);

        Assert.Equal(2, Lines(await SucceedAsync("keys", "list"), " active "));
        // A registration that names an algorithm has its key as soon as it is applied.
        await File.WriteAllTextAsync(Path.Combine(storage.ContentRoot, "api.json"), """
            {
              "clients": [{
                "client_id": "api", "client_secret": "api-secret-00000000000000000000000000000000", "grant_types": [],
                "introspection_signed_response_alg": "ES384"
              }]
            }
            """);
        await SucceedAsync("apply", "api.json");
        Assert.Equal(1, Lines(await SucceedAsync("keys", "list"), " ES384  active "));
        var rotated = await SucceedAsync("keys", "rotate");
        Assert.Equal((3, 3), (Lines(rotated, " active "), Lines(rotated, " published ")));
        Assert.Equal(rotated, await SucceedAsync("keys", "rotate"));
        var replaced = await SucceedAsync("keys", "rotate", "--now");
        Assert.Equal((3, 0), (Lines(replaced, " active "), Lines(replaced, " published ")));

        async Task<string> SucceedAsync(params string[] arguments)
        {
            var (exitCode, output) = await HostProcess.RunAsync(storage.ContentRoot, settings, arguments);
            Assert.True(exitCode == 0, output);
            return output;
        }
    }

    [Fact]
    public async Task A_declaration_applied_beside_a_running_server_is_noticed_by_it()
    {
        await using var storage = await TestStorage.CreateAsync(TestDatabase.Sqlite);
        var file = Path.Combine(storage.ContentRoot, "more.json");
        await File.WriteAllTextAsync(file, """{ "scopes": [ { "name": "invoices", "description": "Read invoices" } ] }""");
        await using var server = await HostProcess.StartAsync(storage.ContentRoot, Ports.Free(), SettingsFor(storage));

        var (exitCode, output) = await HostProcess.RunAsync(storage.ContentRoot, SettingsFor(storage), "apply", file);

        Assert.True(exitCode == 0, output);
        Assert.StartsWith("1 created", output, StringComparison.Ordinal);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!(await server.Http.GetFromJsonAsync<JsonElement>(".well-known/openid-configuration", limit.Token))
            .GetProperty("scopes_supported").EnumerateArray().Any(scope => scope.GetString() == "invoices"))
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    [Theory]
    [OnEachDatabase]
    public async Task Programs_that_start_at_once_on_an_empty_database_make_one_of_everything(TestDatabase database)
    {
        await using var storage = await TestStorage.CreateAsync(database);
        var declaration = Path.Combine(storage.ContentRoot, "declaration.json");
        await File.WriteAllTextAsync(declaration, StandardDeclaration.Json);
        var settings = SettingsFor(storage);
        settings["IdentityProvider:Declarations"] = declaration;

        var servers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => HostProcess.StartAsync(storage.ContentRoot, Ports.Free(), settings)));
        try
        {
            Assert.Equal(2, await CountAsync(storage, "SigningKeys"));
            Assert.Equal(1, await CountAsync(storage, "DataProtectionKeys"));
            Assert.Equal(2, await CountAsync(storage, "Users"));
            var keySets = await Task.WhenAll(servers.Select(server => server.Http.GetStringAsync(".well-known/jwks")));
            Assert.Single(keySets.Distinct());
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_program_killed_while_it_migrated_does_not_stop_the_next_start()
    {
        await using var storage = await TestStorage.CreateAsync(TestDatabase.Sqlite);
        await ExecuteAsync(storage,
            """CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL); INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00')""");

        await using var server = await HostProcess.StartAsync(storage.ContentRoot, Ports.Free(), SettingsFor(storage));

        Assert.Equal("ready", await server.Http.GetStringAsync("health/ready"));
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_database_of_a_newer_version_is_left_alone(TestDatabase database)
    {
        await using var storage = await TestStorage.CreateAsync(database);
        Assert.Equal(0, (await HostProcess.RunAsync(storage.ContentRoot, SettingsFor(storage), "migrate")).ExitCode);
        await ExecuteAsync(storage, """INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Future', '99.0.0')""");

        var (exitCode, output) = await HostProcess.RunAsync(storage.ContentRoot, SettingsFor(storage));

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The database has the migration 29990101000000_Future, which a newer version of this program made", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_certificate_stops_the_start_and_nothing_is_made_anew_unasked()
    {
        await using var storage = await TestStorage.CreateAsync(TestDatabase.Sqlite);
        var settings = SettingsFor(storage);
        var before = (await HostProcess.RunAsync(storage.ContentRoot, settings, "keys", "list")).Output;
        File.Move(Path.Combine(storage.ContentRoot, "data", "protection.pfx"), Path.Combine(storage.ContentRoot, "saved.pfx"));

        var (exitCode, output) = await HostProcess.RunAsync(storage.ContentRoot, settings, "serve");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The Data Protection keys in the database cannot be unwrapped", output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        // With the certificate put back, everything is as it was.
        File.Move(Path.Combine(storage.ContentRoot, "saved.pfx"), Path.Combine(storage.ContentRoot, "data", "protection.pfx"), overwrite: true);
        Assert.Equal(before, (await HostProcess.RunAsync(storage.ContentRoot, settings, "keys", "list")).Output);

        // Lost for good: one command, and the server starts again.
        File.Delete(Path.Combine(storage.ContentRoot, "data", "protection.pfx"));
        Assert.Equal(0, (await HostProcess.RunAsync(storage.ContentRoot, settings, "keys", "rotate", "--now")).ExitCode);
        await using var server = await HostProcess.StartAsync(storage.ContentRoot, Ports.Free(), settings);
        Assert.Equal("ready", await server.Http.GetStringAsync("health/ready"));
    }

    [Fact]
    public async Task A_taken_port_is_a_clear_sentence()
    {
        await using var storage = await TestStorage.CreateAsync(TestDatabase.Sqlite);
        var port = Ports.Free();
        await using var server = await HostProcess.StartAsync(storage.ContentRoot, port, SettingsFor(storage));

        var (exitCode, output) = await HostProcess.RunAsync(storage.ContentRoot, SettingsFor(storage), $"--urls=http://127.0.0.1:{port}");

        Assert.Equal(1, exitCode);
        Assert.Contains("address already in use; stop the other program or choose another address with --urls.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_files_of_the_embedded_default_are_for_this_account_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps modes elsewhere.");
        var folder = Directory.CreateTempSubdirectory("identityprovider-test-");

        Assert.Equal(0, (await HostProcess.RunAsync(folder.FullName, InMemoryOnly, "migrate")).ExitCode);

        var data = new DirectoryInfo(Path.Combine(folder.FullName, "data"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, data.UnixFileMode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, data.GetFiles("protection.pfx").Single().UnixFileMode);
        folder.Delete(recursive: true);
    }

    private static Dictionary<string, string?> SettingsFor(TestStorage storage) =>
        new(storage.Settings) { ["IdentityProvider:Issuer"] = "http://localhost:5000" };

    private static int Lines(string output, string word) =>
        output.Split('\n').Count(line => line.Contains(word, StringComparison.Ordinal));

    private static async Task<long> CountAsync(TestStorage storage, string table)
    {
        await using System.Data.Common.DbConnection connection = storage.Database == TestDatabase.PostgreSql
            ? new NpgsqlConnection(storage.ConnectionString)
            : new SqliteConnection(storage.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT COUNT(*) FROM \"{table}\"";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(TestStorage storage, string sql)
    {
        await using System.Data.Common.DbConnection connection = storage.Database == TestDatabase.PostgreSql
            ? new NpgsqlConnection(storage.ConnectionString)
            : new SqliteConnection(storage.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
