using System.Globalization;
using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Load.Workloads;
using IdentityProvider.Benchmarks.Report;

namespace IdentityProvider.Benchmarks.Decisions;

/// <summary>What an API hears in a second, by introspection of a token and by the decision endpoint, from one Host that has much to decide by.</summary>
internal sealed class DecisionRun(BenchmarkOptions options, Stage stage)
{
    /// <returns>0 when the decision endpoint answers at least as often.</returns>
    public async Task<int> RunAsync()
    {
        await using var storage = await stage.NewStorageAsync(options.Database);
        await AccessCrowd.FillAsync(stage.Host, storage);
        await using var target = await stage.Host.StartAsync(storage);
        using var matrix = new Matrix();
        matrix.Add(new IntrospectionWorkload(), target);
        matrix.Add(new EvaluationWorkload(), target);
        await matrix.WarmUpAsync(options.WarmUp);
        for (var round = 1; round <= options.Rounds; round++)
        {
            Progress.Say($"round {round} of {options.Rounds}");
            await matrix.MeasureRoundAsync(options.RoundTime);
        }

        var results = matrix.Results().ToDictionary(workload => workload.Key, workload => workload.Value[target.Name]);
        Console.WriteLine($"{"",-15}{"req/s",8}{"p50 ms",9}{"p99 ms",9}{"CPU us",9}{"RSS MB",8}");
        foreach (var (name, figures) in results)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-15}{figures.PerSecond,8:0}{figures.P50Microseconds / 1000,9:0.0}{figures.P99Microseconds / 1000,9:0.0}{figures.CpuMicroseconds,9:0}{figures.ResidentMegabytes,8:0}"));
        }

        return results["evaluation"].PerSecond >= results["introspection"].PerSecond ? 0 : 1;
    }
}
