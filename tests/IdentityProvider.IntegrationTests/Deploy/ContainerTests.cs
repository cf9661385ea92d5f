using IdentityProvider.Testing;
using Npgsql;
using Xunit;

namespace IdentityProvider.IntegrationTests.Deploy;

/// <summary>The image and the compose files, as far as they can be seen without a container engine.</summary>
[Collection(nameof(PublishedHost))]
public sealed class ContainerTests(PublishedHost published)
{
    [Theory]
    [InlineData("compose.yaml", "migrate")]
    [InlineData("compose.yaml", "identityprovider")]
    [InlineData("compose.sqlite.yaml", "identityprovider")]
    public async Task The_provider_understands_what_a_compose_file_tells_it(string file, string service)
    {
        var compose = ComposeFile.Read(file);
        var settings = compose.Environment(service, await ComposeFile.PrepareSecretsAsync(published.NewFolder()));
        settings["DOTNET_ENVIRONMENT"] = "Production";
        var command = Assert.IsType<List<object>>(compose.Service(service)["command"]).Cast<string>();

        var check = await HostProcess.RunAsync(published.NewFolder(), settings, "check-config");
        var help = await HostProcess.RunAsync(published.NewFolder(), settings, [.. command, "--help"]);

        Assert.Equal((0, "The configuration is right.\n"), check);
        Assert.True(help.ExitCode == 0, help.Output);
    }

    [Fact]
    public void Tables_are_migrated_before_a_server_of_that_version_starts()
    {
        var compose = ComposeFile.Read("compose.yaml");

        var serverWaitsFor = ComposeFile.Map(ComposeFile.Map(compose.Service("identityprovider")["depends_on"])["migrate"]);
        var migrateWaitsFor = ComposeFile.Map(ComposeFile.Map(compose.Service("migrate")["depends_on"])["postgres"]);

        Assert.Equal("service_completed_successfully", serverWaitsFor["condition"]);
        Assert.Equal("service_healthy", migrateWaitsFor["condition"]);
        Assert.Contains("healthcheck", compose.Service("postgres").Keys);
    }

    [Theory]
    [InlineData("compose.yaml")]
    [InlineData("compose.sqlite.yaml")]
    public void Containers_have_a_read_only_root_and_the_provider_no_capability(string file)
    {
        var compose = ComposeFile.Read(file);

        Assert.All(compose.Services, service => Assert.Equal("true", compose.Service(service)["read_only"]));
        Assert.All(compose.Services, service => Assert.Equal(["no-new-privileges:true"], (List<object>)compose.Service(service)["security_opt"]));
        Assert.All(
            compose.Services.Where(service => compose.Service(service)["image"] is "identityprovider"),
            service => Assert.Equal(["ALL"], (List<object>)compose.Service(service)["cap_drop"]));
    }

    [Fact]
    public void Only_the_proxy_of_the_compose_file_is_believed()
    {
        var compose = ComposeFile.Read("compose.yaml");

        var front = ComposeFile.Map(ComposeFile.Map(compose.Service("proxy")["networks"])["front"]);

        Assert.Equal(front["ipv4_address"], ComposeFile.Map(compose.Service("identityprovider")["environment"])["IdentityProvider__ForwardedHeaders__KnownProxies"]);
        Assert.DoesNotContain("ports", compose.Service("identityprovider").Keys);
    }

    [Fact] // Npgsql reads the password from the file, so it is in no environment that "docker inspect" shows.
    public async Task The_database_takes_the_password_from_the_secret_file()
    {
        await using var storage = await TestStorage.CreateAsync(TestDatabase.PostgreSql);
        var secrets = await ComposeFile.PrepareSecretsAsync(published.NewFolder());
        var server = new NpgsqlConnectionStringBuilder(storage.ConnectionString);
        Assert.SkipWhen(server.Password is null, "The PostgreSQL server of this test run asks for no password.");
        var password = server.Password.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(":", @"\:", StringComparison.Ordinal);
        File.Delete(Path.Combine(secrets, "pgpass"));
        await File.WriteAllTextAsync(Path.Combine(secrets, "pgpass"), $"*:*:*:*:{password}\n", TestContext.Current.CancellationToken);
        var settings = ComposeFile.Read("compose.yaml").Environment("migrate", secrets);
        const string key = "IdentityProvider__Database__ConnectionString";
        settings[key] = settings[key]!
            .Replace("Host=postgres;Database=identityprovider;Username=identityprovider",
                $"Host={server.Host};Port={server.Port};Database={server.Database};Username={server.Username}", StringComparison.Ordinal);
        settings["DOTNET_ENVIRONMENT"] = "Production";

        var migrate = await HostProcess.RunAsync(published.NewFolder(), settings, "migrate");
        var keys = await HostProcess.RunAsync(published.NewFolder(), settings, "keys", "list");

        Assert.True(migrate.ExitCode == 0 && migrate.Output.StartsWith("Applied ", StringComparison.Ordinal), migrate.Output);
        Assert.True(keys.ExitCode == 0 && keys.Output.Contains("ES256", StringComparison.Ordinal), keys.Output);
    }

    [Fact]
    public void The_image_starts_the_published_program_and_is_made_from_sources_that_are_there()
    {
        var lines = File.ReadAllLines(Repository.PathOf("deploy", "docker", "Dockerfile"));
        var sources = File.ReadAllLines(Repository.PathOf("deploy", "docker", "Dockerfile.dockerignore"))
            .Where(line => line.StartsWith('!'))
            .Select(line => line[1..]);

        Assert.Contains($"ENTRYPOINT [\"{UnitFile.Program}\"]", lines);
        Assert.Contains($"COPY --from=build /published {Path.GetDirectoryName(UnitFile.Program)}", lines);
        Assert.Contains($"WORKDIR {UnitFile.State}", lines);
        Assert.Contains(lines, line => line.Contains("dotnet publish src/IdentityProvider.Host ", StringComparison.Ordinal));
        Assert.True(File.Exists(published.Program));
        Assert.All(sources, source => Assert.True(Path.Exists(Repository.PathOf(source)), source));
    }
}
