using System.Text.Json;
using IdentityProvider.Benchmarks.Counting;
using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Load.Workloads;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks;

/// <summary>The short form: what can be counted, held against the budget. Time plays no part, so a busy machine fails nothing.</summary>
internal sealed class ShortRun(BenchmarkOptions options, Stage stage)
{
    public async Task<int> RunAsync()
    {
        await using var storage = await stage.NewStorageAsync(DatabaseKind.Sqlite);
        var counted = await CountingPass.RunAsync(
            stage.Host, storage, [.. AllWorkloads.Named(options.Workloads, stage.Receiver), .. options.Workloads.Count == 0 ? (Workload[])[new AccountPageWorkload()] : []]);
        if (options.RenewBudget)
        {
            Budget.Renew(counted);
        }

        var budget = Budget.Read();
        var failed = 0;
        Console.WriteLine($"{"",-19}{"SQL",5}{"bytes",9}");
        foreach (var (workload, counts) in counted)
        {
            var problems = budget.Check(workload, counts).ToList();
            failed += problems.Count > 0 ? 1 : 0;
            Console.WriteLine($"{workload,-19}{counts.SqlCommands,5}{counts.AllocatedBytes,9}  {(problems.Count == 0 ? "ok" : string.Join("; ", problems))}");
            if (options.ShowStatements || problems.Count > 0)
            {
                ShowStatements(counts);
            }
        }

        if (failed > 0)
        {
            Console.WriteLine($"{failed} of {counted.Count} workloads cost more than tests/IdentityProvider.Benchmarks/budget.json allows. "
                + "If that is meant, renew it: dotnet run -c Release --project tests/IdentityProvider.Benchmarks -- --short --renew-budget");
        }

        if (options.Output is { } file)
        {
            await using var stream = file.Create();
            await JsonSerializer.SerializeAsync(stream, new { passed = counted.Count - failed, failed, counted });
        }

        return failed == 0 ? 0 : 1;
    }

    private static void ShowStatements(Counts counts)
    {
        foreach (var statement in counts.Statements)
        {
            Console.WriteLine("    " + string.Join(' ', statement.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)));
        }
    }
}
