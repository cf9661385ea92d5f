using System.Collections.Concurrent;
using System.Diagnostics;
using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Load.Workloads;
using IdentityProvider.Benchmarks.Report;

namespace IdentityProvider.Benchmarks.Growth;

/// <summary>Everything at once for a long time: nothing may fail, and memory must not grow.</summary>
internal sealed class SoakRun(BenchmarkOptions options, Stage stage)
{
    private const double Megabyte = 1024 * 1024;
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(30);

    // What a day brings: mostly machines and APIs, now and then somebody who signs in.
    private static readonly Workload[] mix =
    [
        new ClientCredentialsWorkload(), new IntrospectionWorkload(), new UserInfoWorkload(), new RefreshWorkload(), new CodeFlowWorkload(),
        new ClientCredentialsWorkload(), new IntrospectionWorkload(), new UserInfoWorkload(), new RefreshWorkload(), new SilentWorkload(),
        new ClientCredentialsWorkload(), new IntrospectionWorkload(), new UserInfoWorkload(), new KeySetWorkload(), new PushedCodeFlowWorkload(),
        new ClientCredentialsWorkload(), new IntrospectionWorkload(), new UserInfoWorkload(), new DiscoveryWorkload(), new LoginWorkload(),
    ];

    private readonly ConcurrentQueue<string> errors = new();
    private long operations;

    public async Task<int> RunAsync()
    {
        await using var storage = await stage.NewStorageAsync(options.Database);
        await using var target = await stage.Host.StartAsync(storage);
        using var client = new LoadClient(target);
        await client.ForEachAsync(new CodeFlowWorkload().PrepareAsync);

        List<double> memory = [];
        using var over = new CancellationTokenSource(options.Soak, TimeProvider.System);
        var load = client.ForEachAsync(connection => OperateAsync(connection, over.Token));
        Console.WriteLine($"{"seconds",8}{"RSS MB",8}{"op/s",8}{"errors",8}");
        var (began, before) = (Stopwatch.GetTimestamp(), 0L);
        using var timer = new PeriodicTimer(interval);
        while (!over.IsCancellationRequested && await timer.WaitForNextTickAsync())
        {
            memory.Add(target.Process.ResidentMemory / Megabyte);
            var now = Interlocked.Read(ref operations);
            Console.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalSeconds,8:0}{memory[^1],8:0}{(now - before) / interval.TotalSeconds,8:0}{errors.Count,8}");
            before = now;
        }

        await load;
        foreach (var error in errors.Take(5))
        {
            Console.WriteLine(error);
        }

        // The first third is warming up.
        var third = Math.Max(memory.Count / 3, 1);
        Console.WriteLine($"{operations} operations, {errors.Count} errors; memory of the last third is "
            + $"{Figures.Median(memory.TakeLast(third)) / Figures.Median(memory.Skip(third).Take(third).DefaultIfEmpty(memory[0])):0.00} times that of the middle third.");
        return errors.IsEmpty ? 0 : 1;
    }

    private async Task OperateAsync(Connection connection, CancellationToken over)
    {
        for (var number = connection.Number; !over.IsCancellationRequested; number++)
        {
            try
            {
                await mix[number % mix.Length].OperateAsync(connection);
                Interlocked.Increment(ref operations);
            }
            catch (BenchmarkException wrong)
            {
                errors.Enqueue(wrong.Message);
            }
        }
    }
}
