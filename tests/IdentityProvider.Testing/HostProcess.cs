using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace IdentityProvider.Testing;

/// <summary>The Host program as a process of its own: for what only an operating system can do to it.</summary>
public sealed class HostProcess : ProviderNode
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();

    private HostProcess(ProcessStartInfo start, string issuer, int port) : base(issuer)
    {
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        Address = new Uri($"http://127.0.0.1:{port}");
        Use(LoopbackHandler.For(issuer, port), Address);
    }

    public override TimeProvider Clock => TimeProvider.System;

    /// <summary>Where the process listens, past whatever stands in front of it; <see cref="ProviderNode.Http"/> goes there.</summary>
    public Uri Address { get; }

    public int Id => process.Id;

    /// <summary>Everything the program has written so far.</summary>
    public string Output => string.Join('\n', output);

    /// <summary>Starts <c>serve</c> and waits until it is ready.</summary>
    /// <param name="settings">Configuration by full key; goes in by environment variables. Without an issuer it is <c>http://localhost:{port}</c>.</param>
    /// <param name="command">What is run; null for <c>serve</c> of the Host as built with this test.</param>
    public static async Task<HostProcess> StartAsync(
        string contentRoot, int port, IReadOnlyDictionary<string, string?> settings, IReadOnlyList<string>? command = null)
    {
        var issuer = settings.GetValueOrDefault("IdentityProvider:Issuer") ?? $"http://localhost:{port}";
        var start = Prepare(contentRoot, command ?? [.. Program, "serve"], [.. settings, new("IdentityProvider:Issuer", issuer)]);
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        var host = new HostProcess(start, issuer, port);
        try
        {
            host.process.Start();
            host.process.BeginOutputReadLine();
            host.process.BeginErrorReadLine();
            await host.WaitUntilReadyAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one of the Host's commands to its end.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(
        string contentRoot, IEnumerable<KeyValuePair<string, string?>> settings, params string[] arguments) =>
        TypeAsync("", contentRoot, settings, arguments);

    /// <summary>Runs one of the Host's commands to its end, with something on its standard input.</summary>
    public static async Task<(int ExitCode, string Output)> TypeAsync(
        string input, string contentRoot, IEnumerable<KeyValuePair<string, string?>> settings, params string[] arguments)
    {
        using var process = new Process { StartInfo = Prepare(contentRoot, [.. Program, .. arguments], settings) };
        process.Start();
        using var limit = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>kill -9: nothing is flushed, nothing is said goodbye to.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static IReadOnlyList<string> Program => ["dotnet", Repository.Program("IdentityProvider.Host")];

    private async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        do
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"The Host ended with {process.ExitCode}:\n{Output}");
            }

            try
            {
                using var ready = await Http.GetAsync("health/ready", limit.Token);
                if (ready.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
        while (await timer.WaitForNextTickAsync(limit.Token));
    }

    private static ProcessStartInfo Prepare(
        string contentRoot, IReadOnlyList<string> command, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = contentRoot,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_CONTENTROOT"] = contentRoot;
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return start;
    }
}
