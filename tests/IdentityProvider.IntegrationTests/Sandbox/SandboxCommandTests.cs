using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using IdentityProvider.Sandbox;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Sandbox;

public sealed class SandboxCommandTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("sandbox-");

    [Fact]
    public async Task A_taken_port_is_one_clear_sentence_before_anything_starts()
    {
        using var somebodyElse = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        somebodyElse.Bind(new IPEndPoint(IPAddress.Loopback, Ports.Free()));
        somebodyElse.Listen();
        var taken = ((IPEndPoint)somebodyElse.LocalEndPoint!).Port;

        var (exitCode, output, error) = await RunAsync(
            "--provider-port", Free(), "--web-port", Free(), "--api-port", $"{taken}", "--google-port", Free(), "--data", root.FullName);

        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        Assert.StartsWith($"Port {taken}, meant for the sample API, is taken by another program:", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
        Assert.Empty(root.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task A_port_that_somebody_holds_on_every_address_is_taken_too()
    {
        using var somebodyElse = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        somebodyElse.Bind(new IPEndPoint(IPAddress.Any, Ports.Free()));
        somebodyElse.Listen();

        var (exitCode, _, error) = await RunAsync("--base-port", $"{((IPEndPoint)somebodyElse.LocalEndPoint!).Port}", "--data", root.FullName);

        Assert.Equal(1, exitCode);
        Assert.Contains("the provider, is taken", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--base-port", "0")]
    [InlineData("--api-port", "65536")]
    [InlineData("--port", "5080")]
    public async Task A_port_that_cannot_be_or_an_unknown_option_is_refused(string option, string value)
    {
        var (exitCode, _, error) = await RunAsync(option, value, "--data", root.FullName);

        Assert.Equal(1, exitCode);
        Assert.Contains(option, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_sandbox_in_the_same_folder_is_refused()
    {
        await using var first = await SandboxApp.StartAsync(SandboxOptions.OnFreePorts(root.FullName), CancellationToken.None);

        var refusal = await Assert.ThrowsAsync<SandboxRefusedException>(() =>
            SandboxApp.StartAsync(SandboxOptions.OnFreePorts(root.FullName), CancellationToken.None));

        Assert.Contains("--data", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_prints_what_a_person_needs_and_listens_on_loopback_whatever_its_surroundings_say()
    {
        int[] unwanted = [Ports.Free(), Ports.Free()];
        var start = new ProcessStartInfo("dotnet",
        [
            Repository.Program("IdentityProvider.Sandbox"), "--data", root.FullName,
            "--provider-port", Free(), "--web-port", Free(), "--api-port", Free(), "--google-port", Free(),
        ])
        {
            WorkingDirectory = root.FullName,
            RedirectStandardOutput = true,
        };
        start.Environment["ASPNETCORE_URLS"] = $"http://0.0.0.0:{unwanted[0]}";
        start.Environment["Kestrel__Endpoints__Open__Url"] = $"http://0.0.0.0:{unwanted[1]}";
        start.Environment["IdentityProvider__Issuer"] = "https://elsewhere.example";
        using var program = Process.Start(start)!;
        try
        {
            var printed = await ReadUntilAsync(program.StandardOutput, "Ctrl+C stops everything.");

            Assert.Contains("alice-sandbox-password", printed, StringComparison.Ordinal);
            Assert.Contains("/setup?token=", printed, StringComparison.Ordinal);
            Assert.DoesNotContain("warn:", printed, StringComparison.Ordinal);
            var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
            Assert.DoesNotContain(listeners, listener => unwanted.Contains(listener.Port));
        }
        finally
        {
            program.Kill(entireProcessTree: true);
            await program.WaitForExitAsync();
        }
    }

    public void Dispose() => root.Delete(recursive: true);

    private static string Free() => $"{Ports.Free()}";

    private static async Task<string> ReadUntilAsync(StreamReader output, string last)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var lines = new List<string>();
        while (await output.ReadLineAsync(limit.Token) is { } line)
        {
            lines.Add(line);
            if (line.Contains(last, StringComparison.Ordinal))
            {
                return string.Join('\n', lines);
            }
        }

        throw new InvalidOperationException($"The program ended:\n{string.Join('\n', lines)}");
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await new SandboxCommand().Root.Parse(arguments)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
