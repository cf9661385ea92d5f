using IdentityProvider.Benchmarks.Counting;
using IdentityProvider.Benchmarks.Limits;
using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Load.Workloads;
using IdentityProvider.Benchmarks.Report;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks;

/// <summary>The long form: everything measured in interleaved rounds, so that noise falls on all.</summary>
internal sealed class BenchmarkRun(BenchmarkOptions options, Stage stage)
{
    private const int Megabyte = 1024 * 1024;

    public async Task<int> RunAsync()
    {
        var workloads = AllWorkloads.Named(options.Workloads, stage.Receiver);
        await using var storage = await stage.NewStorageAsync(options.Database);
        using var limits = new MachineLimits(stage.Folder);
        var (figures, memory) = await MeasureAsync(workloads, storage, limits);
        var result = RunResult.Of(options) with
        {
            Workloads = figures,
            Limits = new Dictionary<string, double>(limits.Results) { [Limit.Form] = figures[Limit.Form]["form"].CpuMicroseconds },
            Counted = options.OnlyLoad ? [] : await CountAsync(workloads),
            Host = options.OnlyLoad ? new() : await RestAsync(storage) with { BusyMegabytes = memory.Busy, LoadedMegabytes = memory.Loaded },
        };

        Console.WriteLine(ResultTable.Render(result));
        if (options.Compare is { } earlier)
        {
            Console.WriteLine(Comparison.Render(await RunResult.ReadAsync(earlier), result));
        }

        if (options.Output is { } file)
        {
            await result.WriteAsync(file);
        }

        return 0;
    }

    private async Task<(Dictionary<string, Dictionary<string, Figures>> Figures, (double Busy, double Loaded) Memory)> MeasureAsync(
        IReadOnlyList<Workload> workloads, HostStorage storage, MachineLimits limits)
    {
        await using var ours = await stage.Host.StartAsync(storage);
        await using var form = await OwnServers.StartFormAsync(stage.Folder);
        await using var reference = options.WithoutReference ? null : await OwnServers.StartReferenceAsync(stage.Folder);
        using var matrix = new Matrix();
        matrix.Add(new FormWorkload(), form);
        foreach (var workload in workloads)
        {
            matrix.Add(workload, ours);
            if (reference is not null && workload.RunsOn(reference))
            {
                matrix.Add(workload, reference);
            }
        }

        await matrix.WarmUpAsync(options.WarmUp);
        for (var round = 1; round <= options.Rounds; round++)
        {
            Progress.Say($"round {round} of {options.Rounds}");
            limits.MeasureRound();
            await matrix.MeasureRoundAsync(options.RoundTime);
        }

        var busy = ours.Process.ResidentMemory / (double)Megabyte;
        if (!options.OnlyLoad)
        {
            Progress.Say("waiting half a minute to see what the Host keeps of what the load took");
            await Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System);
        }

        return (matrix.Results(), (busy, ours.Process.ResidentMemory / (double)Megabyte));
    }

    private async Task<Dictionary<string, Counts>> CountAsync(IReadOnlyList<Workload> workloads)
    {
        await using var storage = await stage.NewStorageAsync(options.Database);
        return await CountingPass.RunAsync(stage.Host, storage, workloads);
    }

    // On the database that the load has left.
    private async Task<HostFigures> RestAsync(HostStorage storage)
    {
        const int starts = 3;
        List<double> ready = [];
        for (var number = 1; ; number++)
        {
            await using var process = await stage.Host.StartProcessAsync(storage);
            ready.Add(process.ReadyAfter.TotalMilliseconds);
            if (number < starts)
            {
                await process.StopAsync();
                continue;
            }

            Progress.Say("waiting a minute to see what an idle Host takes");
            await Task.Delay(TimeSpan.FromMinutes(1), TimeProvider.System);
            return new HostFigures { ReadyMilliseconds = Figures.Median(ready), IdleMegabytes = process.ResidentMemory / (double)Megabyte };
        }
    }
}
