using System.Diagnostics;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Load;

/// <summary>All connections to one server, working at the same time.</summary>
/// <param name="everybody">The person behind all of them; null where each has one of their own.</param>
internal sealed class LoadClient(Target target, int connections = Cast.People, Person? everybody = null) : IDisposable
{
    private readonly Connection[] all = [.. Enumerable.Range(0, connections).Select(number => new Connection(target, number, everybody))];

    public Target Target => target;

    public Task ForEachAsync(Func<Connection, Task> action) => Task.WhenAll(all.Select(action));

    /// <summary>Repeats the operation on every connection until the time is over.</summary>
    public Task<Sample> MeasureAsync(Func<Connection, Task> operate, TimeSpan duration)
    {
        var deadline = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        return MeasureAsync(connection => OperateUntilAsync(operate, connection, deadline));
    }

    /// <summary>Measures what the server does meanwhile.</summary>
    /// <param name="work">What each connection does; it tells how long each of its operations took, in ticks of the stopwatch.</param>
    public async Task<Sample> MeasureAsync(Func<Connection, Task<List<long>>> work)
    {
        var cpu = target.Process.CpuTime;
        var began = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(all.Select(work));
        var elapsed = Stopwatch.GetElapsedTime(began);
        return new Sample(elapsed, target.Process.CpuTime - cpu, target.Process.ResidentMemory, [.. latencies.SelectMany(part => part)]);
    }

    public void Dispose()
    {
        foreach (var connection in all)
        {
            connection.Dispose();
        }
    }

    private static async Task<List<long>> OperateUntilAsync(Func<Connection, Task> operate, Connection connection, long deadline)
    {
        // Sixteen loops begin on as many tasks of their own, not one after the other's first answer.
        await Task.Yield();
        List<long> latencies = [];
        for (var now = Stopwatch.GetTimestamp(); now < deadline;)
        {
            await operate(connection);
            var then = Stopwatch.GetTimestamp();
            latencies.Add(then - now);
            now = then;
        }

        return latencies;
    }
}
