using System.Diagnostics;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Load;

/// <summary>All connections to one server, working at the same time.</summary>
internal sealed class LoadClient(Target target, int connections = Cast.People) : IDisposable
{
    private readonly Connection[] all = [.. Enumerable.Range(0, connections).Select(number => new Connection(target, number))];

    public Target Target => target;

    public IReadOnlyList<Connection> Connections => all;

    /// <summary>Prepares every connection, then operates on all of them until the time is over.</summary>
    public async Task<Sample> RunAsync(Workload workload, TimeSpan duration)
    {
        await Task.WhenAll(all.Select(workload.PrepareAsync));
        var cpu = target.Process.CpuTime;
        var began = Stopwatch.GetTimestamp();
        var deadline = began + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var latencies = await Task.WhenAll(all.Select(connection => OperateUntilAsync(workload, connection, deadline)));
        var elapsed = Stopwatch.GetElapsedTime(began);
        return new Sample(elapsed, target.Process.CpuTime - cpu, [.. latencies.SelectMany(part => part)]);
    }

    public void Dispose()
    {
        foreach (var connection in all)
        {
            connection.Dispose();
        }
    }

    private static async Task<List<long>> OperateUntilAsync(Workload workload, Connection connection, long deadline)
    {
        // Sixteen loops begin on as many tasks of their own, not one after the other's first answer.
        await Task.Yield();
        List<long> latencies = [];
        for (var now = Stopwatch.GetTimestamp(); now < deadline;)
        {
            await workload.OperateAsync(connection);
            var then = Stopwatch.GetTimestamp();
            latencies.Add(then - now);
            now = then;
        }

        return latencies;
    }
}

/// <summary>What one round of one workload came to.</summary>
/// <param name="Latencies">Of each operation, in ticks of the stopwatch.</param>
internal sealed record Sample(TimeSpan Elapsed, TimeSpan CpuTime, IReadOnlyList<long> Latencies)
{
    public int Operations => Latencies.Count;

    public double PerSecond => Operations / Elapsed.TotalSeconds;

    public double CpuMicroseconds => CpuTime.TotalMicroseconds / Operations;

    /// <summary>In microseconds.</summary>
    public double Percentile(double share)
    {
        long[] sorted = [.. Latencies.Order()];
        return Stopwatch.GetElapsedTime(0, sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(share * sorted.Length) - 1)]).TotalMicroseconds;
    }
}
