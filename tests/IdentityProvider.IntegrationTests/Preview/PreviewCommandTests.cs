using System.Text.Json;

namespace IdentityProvider.IntegrationTests.Preview;

/// <summary>The command <c>preview</c> as an operator types it.</summary>
public sealed class PreviewCommandTests
{
    [Theory, OnEachDatabase]
    public async Task An_operator_sees_what_somebody_would_get(TestDatabase database)
    {
        Installed.Require(database);
        await using var storage = await TestStorage.CreateAsync(database);
        var settings = new Dictionary<string, string?>(storage.Settings) { ["IdentityProvider:Issuer"] = "http://localhost:5000" };
        var file = Path.Combine(storage.ContentRoot, "declaration.json");
        await File.WriteAllTextAsync(file, StandardDeclaration.Json);
        Assert.Equal(0, (await RunAsync("apply", file)).ExitCode);

        var (exitCode, report) = await RunAsync("preview", "alice", "shop", "--scope", "openid profile orders");
        var json = await RunAsync("preview", "alice-subject", "shop", "--scope", "openid", "--scope", "orders", "--json");
        var machine = await RunAsync("preview", "machine", "--scope", "orders", "--resource", StandardDeclaration.ApiResource);
        var refused = await RunAsync("preview", "alice", "shop", "--scope", "ghost");

        Assert.True(exitCode == 0, report);
        Assert.Contains("Consent     asked. The person has allowed this client nothing yet.", report, StringComparison.Ordinal);
        Assert.Contains("            - See and place your orders (Orders API)", report, StringComparison.Ordinal);
        Assert.Contains("\"name\": \"Alice Example\"", report, StringComparison.Ordinal);
        Assert.Contains("Introspection by api for https://api.example", report, StringComparison.Ordinal);
        var preview = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal("alice-subject", preview.GetProperty("access_token").GetProperty("claims").GetProperty("sub").GetString());
        Assert.Equal("at+jwt", preview.GetProperty("access_token").GetProperty("header").GetProperty("typ").GetString());
        Assert.Equal("RS256", preview.GetProperty("id_token").GetProperty("header").GetProperty("alg").GetString());
        Assert.True(machine.ExitCode == 0 && machine.Output.StartsWith("Subject     the client itself", StringComparison.Ordinal), machine.Output);
        Assert.True(refused.ExitCode == 1 && refused.Output.Contains("Refused     invalid_scope: A requested scope does not exist.", StringComparison.Ordinal), refused.Output);
        Assert.All(new[] { report, json.Output, machine.Output }, text => Assert.DoesNotContain("eyJ", text, StringComparison.Ordinal));

        Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => HostProcess.RunAsync(storage.ContentRoot, settings, arguments);
    }
}
