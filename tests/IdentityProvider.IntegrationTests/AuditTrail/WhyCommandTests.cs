using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.AuditTrail;

/// <summary>The command <c>why</c>, as an administrator types it beside a running server.</summary>
public sealed class WhyCommandTests
{
    [Theory, OnEachDatabase]
    public async Task Why_tells_what_an_error_page_gave_a_reference_of(TestDatabase database)
    {
        await using var host = await DecisionRecords.StartAsync(database);
        using var browser = host.NewBrowser();
        var page = await browser.OpenAsync(host.RelyingParty(Shop).NewRequest(change: parameters => parameters["redirect_uri"] = "https://app.example/callbak").Url);
        await host.RelyingParty(Shop).RefreshAsync("x");
        await host.RelyingParty(Stall).RefreshAsync("x");
        await host.RefusalsAsync();
        var reference = page.TextOf("error-reference");
        Dictionary<string, string?> settings = new(host.Storage.Settings) { ["IdentityProvider:Issuer"] = host.Issuer };

        var (exitCode, output) = await WhyAsync(reference.ToLowerInvariant().Replace('-', ' '));

        Assert.True(exitCode == 0, output);
        Assert.Contains($"Reference    {reference}\n", output, StringComparison.Ordinal);
        Assert.Contains("Client       shop\n", output, StringComparison.Ordinal);
        Assert.Contains("From         127.0.0.1\n", output, StringComparison.Ordinal);
        Assert.Contains("Rule         redirect_uri.exact\n", output, StringComparison.Ordinal);
        Assert.Contains(
            """
            Differs      redirect_uri
                         sent        https://app.example/callbak
                         registered  https://app.example/callback
                                                               ^
                         character 27: 'k' was sent, 'c' is registered
                         registered  https://app.example/callback?bar=foo
            """,
            output, StringComparison.Ordinal);
        Assert.Contains("What to do   Register this redirect URI for the client, or correct it in the app.", output, StringComparison.Ordinal);

        var list = await WhyAsync("--client", Shop, "--last", "5");
        Assert.Equal(0, list.ExitCode);
        var lines = list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.EndsWith("refresh_token.unknown", lines[1], StringComparison.Ordinal);
        Assert.StartsWith(reference, lines[2], StringComparison.Ordinal);
        Assert.Equal((0, "Nothing was refused to nobody.\n"), await WhyAsync("--client", "nobody"));

        var unknown = await WhyAsync("0000-0000");
        Assert.Equal(1, unknown.ExitCode);
        Assert.StartsWith("There is no record 0000-0000.", unknown.Output, StringComparison.Ordinal);
        var nonsense = await WhyAsync("what");
        Assert.Equal(1, nonsense.ExitCode);
        Assert.StartsWith("This is not a reference", nonsense.Output, StringComparison.Ordinal);

        Task<(int ExitCode, string Output)> WhyAsync(params string[] arguments) =>
            HostProcess.RunAsync(host.Storage.ContentRoot, settings, ["why", .. arguments]);
    }
}
