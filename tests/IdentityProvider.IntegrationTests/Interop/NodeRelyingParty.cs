using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Interop;

/// <summary>Runs <c>node/relying-party.mjs</c>, which is on openid-client, and plays its browser.</summary>
internal static class NodeRelyingParty
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static string Folder { get; } = Repository.PathOf("tests", "IdentityProvider.IntegrationTests", "Interop", "node");

    /// <summary>The result that the script prints; its own words fail the test otherwise.</summary>
    /// <param name="play">Does what the script asks of a browser and returns the address at which that ended.</param>
    public static async Task<JsonElement> RunAsync(JsonObject scenario, Func<JsonElement, Task<string>> play)
    {
        if (Installed.WithoutNode is { } reason)
        {
            Assert.Skip(reason);
        }

        using var process = Process.Start(new ProcessStartInfo("node", ["relying-party.mjs", scenario.ToJsonString()])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                var message = JsonDocument.Parse(line).RootElement;
                if (message.TryGetProperty("result", out var result))
                {
                    return result;
                }

                Assert.False(message.TryGetProperty("error", out var error), error.ToString());
                await process.StandardInput.WriteLineAsync(await play(message));
                await process.StandardInput.FlushAsync(limit.Token);
            }

            throw new InvalidOperationException("The script ended without a result: " + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
