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
    private const int Operations = 60;

    // After this many the runtime has compiled what is used often for good, and allocates as it will go on to.
    private const int WarmUp = 150;

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
                operations.Add(Counts.Between(before, await Counters.ReadAsync(socket)));
            }

            results[workload.Name] = Counts.Typical(operations);
        }

        return results;
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
        after.AllocatedBytes - before.AllocatedBytes - before.AnswerBytes)
    {
        Statements = after.Statements,
    };

    /// <summary>The median of each: a job that ran in between, or a cache that was filled anew, is not what an operation costs.</summary>
    public static Counts Typical(IReadOnlyList<Counts> operations)
    {
        var commands = Middle(operations, counts => counts.SqlCommands);
        return new Counts(
            (int)commands, (int)Middle(operations, counts => counts.SessionReads), (int)Middle(operations, counts => counts.SessionWrites),
            Middle(operations, counts => counts.AllocatedBytes))
        {
            Statements = operations.First(counts => counts.SqlCommands == commands).Statements,
        };
    }

    private static long Middle(IReadOnlyList<Counts> operations, Func<Counts, long> value) =>
        operations.Select(value).Order().ElementAt(operations.Count / 2);
}
