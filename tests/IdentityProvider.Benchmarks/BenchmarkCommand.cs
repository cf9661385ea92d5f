using System.CommandLine;
using System.Globalization;
using IdentityProvider.Benchmarks.Decisions;
using IdentityProvider.Benchmarks.Growth;
using IdentityProvider.Benchmarks.Guards;
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
        Description = "How many seconds of each workload come before all rounds: fewer than ten, and much is still compiled.", DefaultValueFactory = _ => 10,
    };

    private readonly Option<string> workloads = new("--workloads") { Description = "Names of workloads with commas between them; all without this." };

    private readonly Option<FileInfo> output = new("--output") { Description = "The JSON file that the results are written to." };

    private readonly Option<FileInfo> compare = new("--compare") { Description = "A JSON file of an earlier run: the change of each figure is shown." };

    private readonly Option<DirectoryInfo> host = new("--host") { Description = "A Host that is published already; otherwise it is published first." };

    private readonly Option<DirectoryInfo> against = new("--against")
    {
        Description = "Another Host that is published already: both are measured in one run, and nothing else.",
    };

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

    private readonly Option<string> fill = new("--fill")
    {
        Description = "Compare databases with so many token rows (numbers with commas between them; a grant for five, a user for ten, a client for a "
            + "thousand) with an empty one.",
        HelpName = "1000000",
    };

    private readonly Option<FileInfo> plot = new("--plot") { Description = "With --fill or --sessions: an SVG picture of how CPU per operation grows." };

    private readonly Option<double> soak = new("--soak") { Description = "Run everything at once for so many minutes and watch memory and errors." };

    private readonly Option<bool> sessions = new("--sessions") { Description = "Compare logins with 100 and with 100,000 live sessions." };

    private readonly Option<bool> pruning = new("--pruning") { Description = "Compare p99 on two Hosts of which one prunes expired tokens." };

    private readonly Option<int> expired = new("--expired") { Description = "With --pruning: how many expired tokens wait.", DefaultValueFactory = _ => 500_000 };

    private readonly Option<bool> guards = new("--guards") { Description = "Only what a guard of the resource server package adds to a request; under a minute." };

    private readonly Option<bool> decisions = new("--decisions")
    {
        Description = "Only the decision endpoint beside introspection, with 10,000 roles and 100,000 assignments; fails when it answers less often.",
    };

    public RootCommand Root
    {
        get
        {
            var root = new RootCommand("Measures the published Host under load, beside the limits of this machine and a stock OpenIddict server.")
            {
                database, rounds, seconds, warmUp, workloads, output, compare, host, against, withoutReference, onlyLoad, shortForm, renewBudget, statements, fill, plot, soak, sessions, pruning, expired, guards, decisions,
            };
            root.SetAction(async (parsed, _) =>
            {
                try
                {
                    if (parsed.GetValue(guards))
                    {
                        return await GuardRun.RunAsync();
                    }

                    var options = Options(parsed);
                    await using var stage = await Stage.SetAsync(options);
                    return await (options switch
                    {
                        { Short: true } => new ShortRun(options, stage).RunAsync(),
                        { Against: { } other } => new ComparingRun(options, stage).AgainstAsync(other),
                        { Fill.Count: > 0 } => new ComparingRun(options, stage).ByTokensAsync(),
                        { Sessions: true } => new ComparingRun(options, stage).BySessionsAsync(),
                        { Decisions: true } => new DecisionRun(options, stage).RunAsync(),
                        { Pruning: true } => new PruningRun(options, stage).RunAsync(),
                        { Soak.Ticks: > 0 } => new SoakRun(options, stage).RunAsync(),
                        _ => new BenchmarkRun(options, stage).RunAsync(),
                    });
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

    private static string[] List(string? text) =>
        text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private BenchmarkOptions Options(ParseResult parsed) => new()
    {
        Database = parsed.GetValue(database),
        Rounds = parsed.GetValue(rounds),
        RoundTime = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
        WarmUp = TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
        Workloads = List(parsed.GetValue(workloads)),
        Output = parsed.GetValue(output),
        Compare = parsed.GetValue(compare),
        Against = parsed.GetValue(against),
        Host = parsed.GetValue(host),
        Fill = [.. List(parsed.GetValue(fill)).Select(size => int.Parse(size, CultureInfo.InvariantCulture))],
        Plot = parsed.GetValue(plot),
        Soak = TimeSpan.FromMinutes(parsed.GetValue(soak)),
        Sessions = parsed.GetValue(sessions),
        Pruning = parsed.GetValue(pruning),
        Decisions = parsed.GetValue(decisions),
        Expired = parsed.GetValue(expired),
        Short = parsed.GetValue(shortForm),
        RenewBudget = parsed.GetValue(renewBudget),
        ShowStatements = parsed.GetValue(statements),
        OnlyLoad = parsed.GetValue(onlyLoad),
        WithoutReference = parsed.GetValue(withoutReference),
    };
}
