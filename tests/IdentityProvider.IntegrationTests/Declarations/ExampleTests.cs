using IdentityProvider.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.IntegrationTests.Declarations;

/// <summary>What the documentation shows is what the product takes.</summary>
public sealed class ExampleTests
{
    [Fact]
    public async Task The_example_for_your_own_app_can_be_applied()
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Declaration = null });

        var applied = await node.MustDeclareAsync(await File.ReadAllTextAsync(Repository.PathOf("docs", "examples", "connect-your-app.json")));

        Assert.Equal(5, applied.Created);
    }

    [Fact]
    public async Task The_whole_file_of_the_documentation_can_be_applied_in_production()
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings
        {
            Declaration = null,
            Environment = "Production",
            Configuration = new Dictionary<string, string?> { ["IdentityProvider:AllowInsecureTransport"] = "true" },
        });
        foreach (var name in new[] { "shop", "nightly-job", "orders-api" })
        {
            Directory.CreateDirectory(Path.Combine(node.Storage.ContentRoot, "secrets"));
            await File.WriteAllTextAsync(Path.Combine(node.Storage.ContentRoot, "secrets", name), ClientSecret.Generate());
        }

        var page = await File.ReadAllTextAsync(Repository.PathOf("docs", "declarations.md"));
        var applied = await node.MustDeclareAsync(page.Split("```jsonc")[1].Split("```")[0]);

        Assert.Equal(14, applied.Created);
    }
}
