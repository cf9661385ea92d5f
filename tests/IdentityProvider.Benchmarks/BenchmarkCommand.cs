using System.CommandLine;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks;

/// <summary>The command line.</summary>
internal sealed class BenchmarkCommand
{
    private readonly Option<DatabaseKind> database = new("--database")
    {
        Description = "The Host's database: sqlite, or postgres on the server that IDP_TEST_POSTGRES names.",
        HelpName = "sqlite|postgres",
    };

    private readonly Option<int> rounds = new("--rounds") { Description = "How often each workload is measured.", DefaultValueFactory = _ => 5 };

    private readonly Option<double> seconds = new("--seconds") { Description = "How long each round lasts.", DefaultValueFactory = _ => 2 };

    private readonly Option<double> warmUp = new("--warm-up")
    {
        Description = "How many seconds of each workload come before all rounds.", DefaultValueFactory = _ => 3,
    };

    private readonly Option<string> workloads = new("--workloads") { Description = "Names of workloads with commas between them; all without this." };

    private readonly Option<FileInfo> output = new("--output") { Description = "The JSON file that the results are written to." };

    private readonly Option<FileInfo> compare = new("--compare") { Description = "A JSON file of an earlier run: the change of each figure is shown." };

    private readonly Option<DirectoryInfo> host = new("--host") { Description = "A Host that is published already; otherwise it is published first." };

    private readonly Option<bool> withoutReference = new("--without-reference") { Description = "Leave the reference server out." };

    private readonly Option<bool> onlyLoad = new("--only-load")
    {
        Description = "Measure the rounds alone: count nothing, and leave out start and memory at rest.",
    };

    private readonly Option<bool> shortForm = new("--short")
    {
        Description = "Only count SQL commands and allocated bytes, and fail when an operation costs more than its budget. SQLite, under a minute.",
    };

    private readonly Option<bool> renewBudget = new("--renew-budget") { Description = "With --short: what is counted becomes the budget." };

    private readonly Option<bool> statements = new("--statements") { Description = "With --short: show the SQL commands of each operation." };

    public RootCommand Root
    {
        get
        {
            var root = new RootCommand("Measures the published Host under load, beside the limits of this machine and a stock OpenIddict server.")
            {
                database, rounds, seconds, warmUp, workloads, output, compare, host, withoutReference, onlyLoad, shortForm, renewBudget, statements,
            };
            root.SetAction(async (parsed, _) =>
            {
                try
                {
                    var options = Options(parsed);
                    await using var stage = await Stage.SetAsync(options);
                    return options.Short ? await new ShortRun(options, stage).RunAsync() : await new BenchmarkRun(options, stage).RunAsync();
                }
                catch (BenchmarkException stopped)
                {
                    await Console.Error.WriteLineAsync(stopped.Message);
                    return 1;
                }
            });
            return root;
        }
    }

    private BenchmarkOptions Options(ParseResult parsed) => new()
    {
        Database = parsed.GetValue(database),
        Rounds = parsed.GetValue(rounds),
        RoundTime = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
        WarmUp = TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
        Workloads = parsed.GetValue(workloads)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
        Output = parsed.GetValue(output),
        Compare = parsed.GetValue(compare),
        Host = parsed.GetValue(host),
        Short = parsed.GetValue(shortForm),
        RenewBudget = parsed.GetValue(renewBudget),
        ShowStatements = parsed.GetValue(statements),
        OnlyLoad = parsed.GetValue(onlyLoad),
        WithoutReference = parsed.GetValue(withoutReference),
    };
}
