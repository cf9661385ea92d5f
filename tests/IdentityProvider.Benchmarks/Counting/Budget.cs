using System.Text.Json;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks.Counting;

/// <summary>What an operation may cost at most; a file beside the sources, so that whoever changes a cost changes it knowingly.</summary>
/// <param name="Workloads">By name of the workload.</param>
internal sealed record Budget(Dictionary<string, Allowance> Workloads)
{
    /// <summary>What may be allocated beyond the budget: the runtime decides a little of it anew in each run.</summary>
    private const double Tolerance = 1.15;

    private static readonly JsonSerializerOptions format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    // Every request of somebody who is signed in reads the session once, and what it notes of its use is written behind the requests.
    private static readonly string[] oneSession = ["account_page", "prompt_none"];
    private static readonly string[] endOrBeginSessions = ["login", "logout"];

    private static string File => Path.Combine(Sources.Root(), "tests", "IdentityProvider.Benchmarks", "budget.json");

    public static Budget Read() => JsonSerializer.Deserialize<Budget>(System.IO.File.ReadAllBytes(File), format)
        ?? throw new BenchmarkException($"{File} is no budget.");

    /// <summary>Takes what was counted as the budget from now on.</summary>
    public static void Renew(IReadOnlyDictionary<string, Counts> counted) => System.IO.File.WriteAllText(File, JsonSerializer.Serialize(
        new Budget(counted.ToDictionary(pair => pair.Key, pair => new Allowance(pair.Value.SqlCommands, pair.Value.AllocatedBytes))), format) + "\n");

    /// <summary>What is wrong with what was counted; empty when nothing is.</summary>
    public IEnumerable<string> Check(string workload, Counts counts)
    {
        if (!Workloads.TryGetValue(workload, out var allowance))
        {
            yield return "it has no budget";
            yield break;
        }

        if (counts.SqlCommands > allowance.SqlCommands)
        {
            yield return $"{counts.SqlCommands} SQL commands where the budget is {allowance.SqlCommands}";
        }

        if (counts.AllocatedBytes > allowance.AllocatedBytes * Tolerance)
        {
            yield return $"{counts.AllocatedBytes} bytes allocated where the budget is {allowance.AllocatedBytes} and 15 % more";
        }

        if (oneSession.Contains(workload) && counts.SessionReads > 1)
        {
            yield return $"{counts.SessionReads} reads of the session where one is enough";
        }

        if (!endOrBeginSessions.Contains(workload) && counts.SessionWrites > 0)
        {
            yield return $"{counts.SessionWrites} writes of the session while somebody waits";
        }
    }
}

/// <summary>For one operation.</summary>
internal sealed record Allowance(int SqlCommands, long AllocatedBytes);
