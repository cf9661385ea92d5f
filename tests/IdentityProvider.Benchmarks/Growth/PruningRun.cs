using System.Data.Common;
using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Load.Workloads;
using IdentityProvider.Benchmarks.Report;
using IdentityProvider.Benchmarks.Servers;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IdentityProvider.Benchmarks.Growth;

/// <summary>What people feel of pruning: rounds in which expired tokens vanish, and rounds after the last is gone.</summary>
internal sealed class PruningRun(BenchmarkOptions options, Stage stage)
{
    private const int Expired = 500_000;
    private const double MostP99 = 1.2;

    // Longer than the longest time that the job waits after a start.
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(5);

    public async Task<int> RunAsync()
    {
        await using var storage = await stage.NewStorageAsync(options.Database);
        await new Crowd(Tokens: 200_000, ExpiredTokens: Expired).FillAsync(stage.Host, storage);
        await using var target = await stage.Host.StartAsync(storage);
        using var client = new LoadClient(target);
        Workload[] workloads = [new CodeFlowWorkload(), new RefreshWorkload(), new IntrospectionWorkload()];
        foreach (var workload in workloads)
        {
            await workload.MeasureAsync(client, options.WarmUp);
        }

        List<(Workload Workload, Sample Sample)> during = [], after = [];
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        for (var left = await ExpiredAsync(storage); left > 0; left = await ExpiredAsync(storage))
        {
            foreach (var workload in workloads)
            {
                var before = await ExpiredAsync(storage);
                var sample = await workload.MeasureAsync(client, options.RoundTime);
                if (await ExpiredAsync(storage) is > 0 and var then && then < before)
                {
                    during.Add((workload, sample));
                }
            }

            Progress.Say($"{left} expired tokens are left");
            if (System.Diagnostics.Stopwatch.GetElapsedTime(began) > patience)
            {
                throw new BenchmarkException("Pruning did not come to an end.");
            }
        }

        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var workload in workloads)
            {
                after.Add((workload, await workload.MeasureAsync(client, options.RoundTime)));
            }
        }

        Console.WriteLine($"{"",-19}{"rounds",7}{"p50 ms",9}{"p99 ms",9}{"",6}  (p99 at most {MostP99} times, while {Expired} rows are pruned)");
        foreach (var workload in workloads)
        {
            Show(workload, [.. Of(during, workload)], [.. Of(after, workload)]);
        }

        return 0;
    }

    private static IEnumerable<Sample> Of(IEnumerable<(Workload Workload, Sample Sample)> samples, Workload workload) =>
        samples.Where(sample => sample.Workload == workload).Select(sample => sample.Sample);

    private static void Show(Workload workload, List<Sample> during, List<Sample> after)
    {
        if (during.Count == 0)
        {
            Console.WriteLine($"{workload.Name,-19} no round fell into pruning");
            return;
        }

        var (with, without) = (Figures.From(during), Figures.From(after));
        var growth = with.P99Microseconds / without.P99Microseconds;
        Console.WriteLine($"{workload.Name + ", pruning",-19}{during.Count,7}{with.P50Microseconds / 1000,9:0.0}{with.P99Microseconds / 1000,9:0.0}"
            + $"{growth,6:0.00}{(growth > MostP99 ? "!" : "")}");
        Console.WriteLine($"{workload.Name + ", then",-19}{after.Count,7}{without.P50Microseconds / 1000,9:0.0}{without.P99Microseconds / 1000,9:0.0}");
    }

    private static async Task<long> ExpiredAsync(HostStorage storage)
    {
        await using DbConnection database = storage.IsPostgreSql
            ? new NpgsqlConnection(storage.ConnectionString) : new SqliteConnection(storage.ConnectionString + ";Mode=ReadOnly");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT count(*) FROM \"Tokens\" WHERE \"ExpirationDate\" < $1".Replace(
            "$1", storage.IsPostgreSql ? "now() - interval '1 day'" : "datetime('now', '-1 day')", StringComparison.Ordinal);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
