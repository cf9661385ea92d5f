using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Load.Workloads;
using IdentityProvider.Benchmarks.Report;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Growth;

/// <summary>The same workloads on Hosts whose databases differ in size, in one run. The first is the measure of the others.</summary>
internal sealed class GrowthRun(BenchmarkOptions options, Stage stage)
{
    /// <summary>How much more an operation may cost on a full database than on an empty one.</summary>
    private const double MostGrowth = 1.2;

    /// <summary>Token rows, and what belongs to them.</summary>
    public Task<int> ByTokensAsync() => CompareAsync(
        AllWorkloads.Named(options.Workloads, stage.Receiver), connections: Cast.People,
        [("empty", null), .. options.Fill.Select(size => ($"{size} tokens", (Crowd?)new Crowd(size)))]);

    /// <summary>Live sessions, one browser at a time: how long somebody waits.</summary>
    public Task<int> BySessionsAsync() => CompareAsync(
        [new LoginWorkload(), new SilentWorkload(), new AccountPageWorkload()], connections: 1,
        [.. new[] { 100, 100_000 }.Select(size => ($"{size} sessions", (Crowd?)new Crowd(Tokens: 5000, Sessions: size)))]);

    private async Task<int> CompareAsync(IReadOnlyList<Workload> workloads, int connections, IReadOnlyList<(string Name, Crowd? Crowd)> hosts)
    {
        List<IAsyncDisposable> used = [];
        try
        {
            using var matrix = new Matrix(connections);
            List<Target> targets = [];
            foreach (var (name, crowd) in hosts)
            {
                var storage = await stage.NewStorageAsync(options.Database);
                used.Add(storage);
                await (crowd?.FillAsync(stage.Host, storage) ?? Task.CompletedTask);
                targets.Add(await stage.Host.StartAsync(storage, name: name));
                used.Add(targets[^1]);
            }

            foreach (var workload in workloads)
            {
                targets.ForEach(target => matrix.Add(workload, target));
            }

            await matrix.WarmUpAsync(options.WarmUp);
            for (var round = 1; round <= options.Rounds; round++)
            {
                Progress.Say($"round {round} of {options.Rounds}");
                await matrix.MeasureRoundAsync(options.RoundTime);
            }

            var result = RunResult.Of(options) with { Workloads = matrix.Results() };
            Show(result, hosts[0].Name);
            if (options.Plot is { } plot)
            {
                await File.WriteAllTextAsync(plot.FullName, GrowthPlot.Render(result, [.. hosts.Select(host => host.Name)], MostGrowth));
            }

            await (options.Output is { } file ? result.WriteAsync(file) : Task.CompletedTask);
            return 0;
        }
        finally
        {
            foreach (var one in Enumerable.Reverse(used))
            {
                await one.DisposeAsync();
            }
        }
    }

    private static void Show(RunResult result, string measure)
    {
        Console.WriteLine($"{result.Machine}; {result.Database}; at most {MostGrowth}");
        Console.WriteLine($"{"",-19}{"",18}{"CPU us",9}{"",7}{"p50 ms",9}{"p99 ms",9}");
        foreach (var (workload, hosts) in result.Workloads)
        {
            foreach (var (host, figures) in hosts)
            {
                var growth = figures.CpuMicroseconds / hosts[measure].CpuMicroseconds;
                Console.WriteLine($"{workload,-19}{host,18}{figures.CpuMicroseconds,9:0}{(host == measure ? "" : $"{growth:0.00}{(growth > MostGrowth ? "!" : "")}"),7}"
                    + $"{figures.P50Microseconds / 1000,9:0.0}{figures.P99Microseconds / 1000,9:0.0}");
            }
        }
    }
}
