using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IdentityProvider.Benchmarks.Servers;

/// <summary>A server as a process of its own on a loopback address, with what the operating system knows about it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(120);
    private const int KeptLines = 200;

    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();

    private ServerProcess(Process process, Uri address)
    {
        this.process = process;
        Address = address;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public Uri Address { get; }

    /// <summary>From the start of the process to the first 200.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <summary>The last lines that it wrote.</summary>
    public string Output => string.Join('\n', output);

    /// <summary>User and system time that the process has used so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentMemory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts it and waits for the first 200.</summary>
    /// <param name="ready">The path that is asked.</param>
    public static async Task<ServerProcess> StartAsync(
        IReadOnlyList<string> command, string workingDirectory, int port, IReadOnlyDictionary<string, string> environment, string ready)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Nothing of the caller's own configuration shall reach the server.
        foreach (var name in start.Environment.Keys.Where(IsConfiguration).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}";
        foreach (var (key, value) in environment)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var server = new ServerProcess(new Process { StartInfo = start }, new Uri($"http://127.0.0.1:{port}"));
        try
        {
            var began = Stopwatch.GetTimestamp();
            server.process.Start();
            server.process.BeginOutputReadLine();
            server.process.BeginErrorReadLine();
            await server.WaitUntilReadyAsync(ready);
            server.ReadyAfter = Stopwatch.GetElapsedTime(began);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Asks it to end, as an operator does, and waits until it has.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        using var limit = new CancellationTokenSource(patience);
        await process.WaitForExitAsync(limit.Token);
    }

    /// <param name="name">As <c>kill</c> knows it.</param>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
        catch (InvalidOperationException)
        {
            // It never started, or has ended.
        }

        process.Dispose();
    }

    private static bool IsConfiguration(string name) =>
        name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("IdentityProvider__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("DOTNET_ENVIRONMENT", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("DOTNET_gc", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("DOTNET_Tiered", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("DOTNET_STARTUP_HOOKS", StringComparison.OrdinalIgnoreCase);

    private async Task WaitUntilReadyAsync(string path)
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var limit = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        do
        {
            if (process.HasExited)
            {
                throw new BenchmarkException($"A server ended with {process.ExitCode}:\n{Output}");
            }

            try
            {
                using var response = await http.GetAsync(path, limit.Token);
                if (response.StatusCode == HttpStatusCode.OK)
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

    private void Keep(string? line)
    {
        output.Enqueue(line ?? "");
        while (output.Count > KeptLines)
        {
            output.TryDequeue(out _);
        }
    }
}
