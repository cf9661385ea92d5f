using System.Globalization;
using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Report;

namespace IdentityProvider.Benchmarks.Decisions;

/// <summary>What an API hears in a second, by introspection of a token and by the decision endpoint, from one Host that has much to decide by.</summary>
internal sealed class DecisionRun(BenchmarkOptions options, Stage stage)
{
    private const int QuestionsInList = 50;

    private static readonly Workload[] introspections =
    [
        new AccessIntrospectionWorkload("introspection no access", AccessCast.Newcomer),
        new AccessIntrospectionWorkload("introspection 200 permissions", null),
    ];

    // Each must answer at least as often as the quickest introspection.
    private static readonly EvaluationWorkload[] single =
    [
        new("evaluation permitted", AccessCast.Plain, Ask.Held),
        new("evaluation denied", AccessCast.Plain, Ask.Lacked),
        new("evaluation asked by token", AccessCast.Plain, Ask.Held) { ByToken = true },
        new("evaluation policy permits", AccessCast.Ruled, Ask.Owned),
        new("evaluation policy forbids", AccessCast.Ruled, Ask.Frozen),
        new("evaluation 20 policies", AccessCast.Strict, Ask.Held),
    ];

    private static readonly EvaluationWorkload[] lists =
    [
        new("50 evaluations", AccessCast.Plain, Ask.Held) { Questions = QuestionsInList },
        new("50 evaluations with 20 policies", AccessCast.Strict, Ask.Held) { Questions = QuestionsInList },
    ];

    private static readonly HolderWorkload[] others =
    [
        new("userinfo no access", AccessCast.Newcomer, ReadUserInfoAsync),
        new("userinfo 200 permissions", null, ReadUserInfoAsync),
        new("refresh no access", AccessCast.Newcomer, RefreshAsync),
        new("refresh 200 permissions", null, RefreshAsync),
    ];

    /// <returns>0 when the decision endpoint answers at least as often.</returns>
    public async Task<int> RunAsync()
    {
        var host = stage.Host.Declaring(AccessCast.Declare);
        await using var storage = await stage.NewStorageAsync(options.Database);
        await AccessCrowd.FillAsync(host, storage);
        await using var target = await host.StartAsync(storage);
        using var matrix = new Matrix();
        foreach (var workload in Chosen())
        {
            matrix.Add(workload, target);
        }

        await matrix.WarmUpAsync(options.WarmUp);
        for (var round = 1; round <= options.Rounds; round++)
        {
            Progress.Say($"round {round} of {options.Rounds}");
            await matrix.MeasureRoundAsync(options.RoundTime);
        }

        var results = matrix.Results().ToDictionary(workload => workload.Key, workload => workload.Value[target.Name]);
        Console.WriteLine($"{"",-32}{"req/s",8}{"p50 ms",9}{"p99 ms",9}{"CPU us",9}{"+-",6}{"RSS MB",8}");
        foreach (var (name, figures) in results)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-32}{figures.PerSecond,8:0}{figures.P50Microseconds / 1000,9:0.0}{figures.P99Microseconds / 1000,9:0.0}{figures.CpuMicroseconds,9:0}{figures.CpuSpread,6:0%}{figures.ResidentMegabytes,8:0}"));
        }

        var asked = introspections.Select(workload => workload.Name).Where(results.ContainsKey).Select(name => results[name].PerSecond).DefaultIfEmpty().Max();
        return single.Select(workload => workload.Name).Where(results.ContainsKey).All(name => results[name].PerSecond >= asked) ? 0 : 1;
    }

    private IEnumerable<Workload> Chosen()
    {
        IEnumerable<Workload> all = [.. introspections, .. single, .. lists, .. others];
        return options.Workloads.Count == 0 ? all : all.Where(workload => options.Workloads.Any(part => workload.Name.Contains(part, StringComparison.Ordinal)));
    }

    private static Task ReadUserInfoAsync(Connection connection) => Steps.UserInfoAsync(connection, connection.Tokens!);

    private static async Task RefreshAsync(Connection connection) => connection.Tokens = await Steps.RefreshAsync(connection, connection.Tokens!);
}
