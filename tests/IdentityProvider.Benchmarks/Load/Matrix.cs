using IdentityProvider.Benchmarks.Report;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Load;

/// <summary>Workloads and servers: each pair is measured once in each round, one after the other.</summary>
/// <param name="connections">To each server.</param>
internal sealed class Matrix(int connections = Cast.People) : IDisposable
{
    // On a busy machine the time alone may not be enough for the runtime to have compiled what is used often for good.
    private const int WarmUpOperations = 500;

    private readonly Dictionary<(Target Target, Person? Everybody), LoadClient> clients = [];
    private readonly List<Cell> cells = [];
    private bool forwards;

    public void Add(Workload workload, Target target)
    {
        if (!clients.TryGetValue((target, workload.Everybody), out var client))
        {
            client = clients[(target, workload.Everybody)] = new LoadClient(target, connections, workload.Everybody);
        }

        cells.Add(new Cell(workload, client, []));
    }

    public async Task WarmUpAsync(TimeSpan time)
    {
        foreach (var cell in cells)
        {
            Progress.Say($"warming up: {cell.Workload.Name} on {cell.Client.Target.Name}");
            var operations = 0;
            for (var attempt = 0; attempt < 4 && operations < WarmUpOperations / cell.Workload.Weight; attempt++)
            {
                operations += (await cell.Workload.MeasureAsync(cell.Client, time)).Operations;
            }
        }
    }

    public async Task MeasureRoundAsync(TimeSpan time)
    {
        // Forwards and backwards in turn: whoever comes second after something dear must not always be the same.
        forwards = !forwards;
        foreach (var cell in forwards ? cells : Enumerable.Reverse(cells))
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
