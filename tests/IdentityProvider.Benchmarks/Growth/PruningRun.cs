using System.Diagnostics;
using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Load.Workloads;
using IdentityProvider.Benchmarks.Report;

namespace IdentityProvider.Benchmarks.Growth;

/// <summary>
/// What people feel of pruning: two Hosts whose databases hold the same, expired tokens among it, and of which one prunes. Each workload is measured on both,
/// one right after the other and the other way round the next time, so that what else the machine does falls on both.
/// </summary>
internal sealed class PruningRun(BenchmarkOptions options, Stage stage)
{
    private const double MostP99 = 1.2;

    private readonly List<Pair> pairs = [];

    public async Task<int> RunAsync()
    {
        var crowd = new Crowd(Tokens: 200_000, ExpiredTokens: options.Expired);
        await using var resting = await PruningHost.StartAsync(stage, options.Database, crowd, prunes: false);
        await using var pruning = await PruningHost.StartAsync(stage, options.Database, crowd, prunes: true);
        Workload[] workloads = [new CodeFlowWorkload(), new RefreshWorkload(), new IntrospectionWorkload()];
        foreach (var workload in workloads)
        {
            await workload.MeasureAsync(resting.Client, options.WarmUp);
            await workload.MeasureAsync(pruning.Client, options.WarmUp);
        }

        Progress.Say("waiting until pruning begins");
        await pruning.ProgressAsync();
        var (began, before) = (Stopwatch.GetTimestamp(), await pruning.CountAsync());
        for (var round = 0; round < options.Rounds; round++)
        {
            Progress.Say($"round {round + 1} of {options.Rounds}");
            foreach (var workload in workloads)
            {
                if (await MeasureAsync(workload, pruning, resting, pruningFirst: round % 2 == 0) is not { } pair)
                {
                    Progress.Say("no expired token is left");
                    round = options.Rounds;
                    break;
                }

                pairs.Add(pair);
            }
        }

        var pruned = before - await pruning.CountAsync();
        var perSecond = pruned / (Stopwatch.GetElapsedTime(began) - pruning.Suspended).TotalSeconds;
        Console.WriteLine($"{pruned} rows were pruned meanwhile, {perSecond:0} in a second; p99 at most {MostP99} times");
        Console.WriteLine($"{"",-24}{"rounds",7}{"p50 ms",9}{"p99 ms",9}{"",6}  p99 of all rounds together");
        foreach (var group in pairs.GroupBy(pair => pair.Workload.Name))
        {
            Show(group.Key, [.. group]);
        }

        return 0;
    }

    /// <returns>Null when not all of it fell into pruning.</returns>
    private async Task<Pair?> MeasureAsync(Workload workload, PruningHost pruning, PruningHost resting, bool pruningFirst)
    {
        Sample? with = null;
        if (pruningFirst)
        {
            with = await MeasurePruningAsync();
        }

        // The machine's cores are there for one of them at a time.
        await pruning.SuspendAsync();
        var without = await workload.MeasureAsync(resting.Client, options.RoundTime);
        await pruning.ResumeAsync();
        with ??= pruningFirst ? null : await MeasurePruningAsync();
        return with is null ? null : new Pair(workload, with, without);

        async Task<Sample?> MeasurePruningAsync()
        {
            if (!await pruning.ProgressAsync())
            {
                return null;
            }

            var sample = await workload.MeasureAsync(pruning.Client, options.RoundTime);
            return await pruning.CountAsync() > 0 ? sample : null;
        }
    }

    private static void Show(string name, List<Pair> pairs)
    {
        List<Sample> with = [.. pairs.Select(pair => pair.With)], without = [.. pairs.Select(pair => pair.Without)];
        var (pruning, resting) = (Figures.From(with), Figures.From(without));
        var (all, allResting) = (Together(with).Percentile(0.99), Together(without).Percentile(0.99));
        Line(name + ", pruning", pruning, Ratio(pruning.P99Microseconds / resting.P99Microseconds), all, Ratio(all / allResting));
        Line(name + ", not", resting, "", allResting, "");

        void Line(string label, Figures figures, string growth, double together, string growthTogether) => Console.WriteLine(
            $"{label,-24}{pairs.Count,7}{figures.P50Microseconds / 1000,9:0.0}{figures.P99Microseconds / 1000,9:0.0}{growth,6}{together / 1000,9:0.0}{growthTogether,6}");
    }

    private static Sample Together(List<Sample> samples) => samples[0] with { Latencies = [.. samples.SelectMany(sample => sample.Latencies)] };

    private static string Ratio(double value) => $"{value:0.00}{(value > MostP99 ? "!" : "")}";

    private sealed record Pair(Workload Workload, Sample With, Sample Without);
}
