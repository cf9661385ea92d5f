using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Report;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Counting;

/// <summary>
/// What an operation costs that can be counted: on a Host of its own, because whoever counts costs time, and one operation after the
/// other, so that each can be told from the next.
/// </summary>
internal static class CountingPass
{
    private const int Operations = 30;

    // After this many the runtime has compiled what is used often for good, and allocates as it will go on to.
    private const int WarmUp = 100;

    public static async Task<Dictionary<string, Counts>> RunAsync(
        HostServer host, HostStorage storage, IReadOnlyList<Workload> workloads)
    {
        var socket = Path.Combine(storage.Folder, "counters");
        await using var server = await host.StartAsync(storage, new Dictionary<string, string>
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
            [StartupHook.SocketVariable] = socket,
        });
        using var connection = new Connection(server, 0);
        Dictionary<string, Counts> results = [];
        foreach (var workload in workloads)
        {
            Progress.Say($"counting: {workload.Name}");
            await workload.PrepareAsync(connection);
            for (var number = 0; number < WarmUp / workload.Weight; number++)
            {
                await workload.PrepareOperationAsync(connection);
                await workload.OperateAsync(connection);
            }

            List<Counts> operations = [];
            for (var number = 0; number < Operations / workload.Weight; number++)
            {
                await workload.PrepareOperationAsync(connection);
                var before = await Counters.ReadAsync(socket);
                await workload.OperateAsync(connection);
                operations.Add(Counts.Between(before, await AfterAsync(socket, workload)));
            }

            results[workload.Name] = Counts.Typical(operations);
        }

        return results;
    }

    // Of what is done behind the answer nobody hears that it is done: it is when nothing more is counted for a while.
    private static async Task<Counters> AfterAsync(string socket, Workload workload)
    {
        var counters = await Counters.ReadAsync(socket);
        for (var quiet = 0; workload.GoesOnBehindAnswer && quiet < 3; quiet++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            var next = await Counters.ReadAsync(socket);
            quiet = next.Commands == counters.Commands ? quiet : 0;
            counters = next with { Statements = [.. counters.Statements, .. next.Statements] };
        }

        return counters;
    }
}

/// <summary>The counted costs of one operation.</summary>
internal sealed record Counts(int SqlCommands, int SessionReads, int SessionWrites, long AllocatedBytes)
{
    /// <summary>The commands, in order.</summary>
    public IReadOnlyList<string> Statements { get; init; } = [];

    public static Counts Between(Counters before, Counters after) => new(
        (int)(after.Commands - before.Commands),
        (int)(after.SessionReads - before.SessionReads),
        (int)(after.SessionWrites - before.SessionWrites),
        after.AllocatedBytes - before.AllocatedBytes)
    {
        Statements = after.Statements,
    };

    /// <summary>
    /// The median of the commands: a cache that was filled anew is not what an operation costs. Of the bytes the lower quartile, because
    /// jobs that run meanwhile only add to them.
    /// </summary>
    public static Counts Typical(IReadOnlyList<Counts> operations)
    {
        var commands = Middle(operations, counts => counts.SqlCommands);
        return new Counts(
            (int)commands, (int)Middle(operations, counts => counts.SessionReads), (int)Middle(operations, counts => counts.SessionWrites),
            Ranked(operations, counts => counts.AllocatedBytes, 0.25))
        {
            Statements = operations.First(counts => counts.SqlCommands == commands).Statements,
        };
    }

    private static long Middle(IReadOnlyList<Counts> operations, Func<Counts, long> value) => Ranked(operations, value, 0.5);

    private static long Ranked(IReadOnlyList<Counts> operations, Func<Counts, long> value, double share) =>
        operations.Select(value).Order().ElementAt((int)(operations.Count * share));
}
