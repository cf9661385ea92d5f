using IdentityProvider.Benchmarks.Report;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Load;

/// <summary>Workloads and servers: each pair is measured once in each round, one after the other.</summary>
/// <param name="connections">To each server.</param>
internal sealed class Matrix(int connections = Cast.People) : IDisposable
{
    private readonly Dictionary<Target, LoadClient> clients = [];
    private readonly List<Cell> cells = [];

    public void Add(Workload workload, Target target)
    {
        if (!clients.TryGetValue(target, out var client))
        {
            client = clients[target] = new LoadClient(target, connections);
        }

        cells.Add(new Cell(workload, client, []));
    }

    public async Task WarmUpAsync(TimeSpan time)
    {
        foreach (var cell in cells)
        {
            Progress.Say($"warming up: {cell.Workload.Name} on {cell.Client.Target.Name}");
            await cell.Workload.MeasureAsync(cell.Client, time);
        }
    }

    public async Task MeasureRoundAsync(TimeSpan time)
    {
        foreach (var cell in cells)
        {
            cell.Rounds.Add(await cell.Workload.MeasureAsync(cell.Client, time));
        }
    }

    /// <summary>By workload, then by server.</summary>
    public Dictionary<string, Dictionary<string, Figures>> Results() => cells
        .GroupBy(cell => cell.Workload.Name)
        .ToDictionary(group => group.Key, group => group.ToDictionary(cell => cell.Client.Target.Name, cell => Figures.From(cell.Rounds)));

    public void Dispose()
    {
        foreach (var client in clients.Values)
        {
            client.Dispose();
        }
    }

    private sealed record Cell(Workload Workload, LoadClient Client, List<Sample> Rounds);
}
