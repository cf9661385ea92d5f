using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Hosting;

/// <summary>What a server that has nothing to do yet keeps in memory (docs/performance.md).</summary>
public sealed class IdleTests
{
    private static readonly string[] absent =
    [
        "Microsoft.EntityFrameworkCore.Sqlite.dll", "Npgsql.EntityFrameworkCore.PostgreSQL.dll", "OpenIddict.EntityFrameworkCore.dll",
    ];

    [Theory]
    [OnEachDatabase]
    public async Task A_start_on_an_unchanged_declaration_loads_nothing_that_works_with_EF_Core(TestDatabase database)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The libraries of a process are read from /proc.");
        await using var storage = await TestStorage.CreateAsync(database);
        var declaration = Path.Combine(storage.ContentRoot, "declaration.json");
        await File.WriteAllTextAsync(declaration, StandardDeclaration.Json, TestContext.Current.CancellationToken);
        var settings = new Dictionary<string, string?>(storage.Settings)
        {
            ["IdentityProvider:Declarations"] = declaration,
            ["IdentityProvider:AllowInsecureTransport"] = "true",
            // In Development the framework looks at the constructor of everything that is registered.
            ["DOTNET_ENVIRONMENT"] = "Production",
        };

        await using (var first = await HostProcess.StartAsync(storage.ContentRoot, Ports.Free(), settings))
        {
            Assert.Contains("was applied: 15 created", first.Output, StringComparison.Ordinal);
        }

        await using var idle = await HostProcess.StartAsync(storage.ContentRoot, Ports.Free(), settings);
        Assert.NotEmpty(await idle.Http.GetStringAsync(".well-known/openid-configuration", TestContext.Current.CancellationToken));
        var libraries = await File.ReadAllTextAsync($"/proc/{idle.Id}/maps", TestContext.Current.CancellationToken);
        Assert.Contains("/IdentityProvider.dll", libraries, StringComparison.Ordinal);
        Assert.DoesNotContain(absent, library => libraries.Contains("/" + library, StringComparison.Ordinal));

        // And with it everything works.
        var browser = idle.NewBrowser();
        await browser.SignInAsync(StandardDeclaration.Alice, StandardDeclaration.AlicePassword);
    }
}
