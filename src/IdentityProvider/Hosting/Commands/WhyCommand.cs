using System.CommandLine;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Hosting.Commands;

/// <summary><c>why</c>: what was refused, by which rule, and what to do about it.</summary>
internal static class WhyCommand
{
    private const int MostListed = 1000;

    public static Command Build(string[] configuration)
    {
        var reference = new Argument<string[]>("REFERENCE")
        {
            Description = "The reference of an error page, such as 7K3M-9QXA; case, spaces and dashes do not matter.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var client = new Option<string?>("--client") { Description = "Lists what was refused to this client last." };
        var last = new Option<int>("--last") { Description = "How many to list.", DefaultValueFactory = _ => 10 };
        var why = new Command("why", "Tells why a request was refused. Without a reference it lists the last refusals.") { reference, client, last };
        why.SetAction((parsed, cancellationToken) =>
        {
            var typed = string.Join(' ', parsed.GetValue(reference) ?? []);
            return Workbench.RunAsync(
                configuration,
                services => typed.Length > 0
                    ? TellAsync(services, typed, cancellationToken)
                    : ListAsync(services, parsed.GetValue(client), parsed.GetValue(last), cancellationToken),
                cancellationToken);
        });
        return why;
    }

    private static async Task<int> TellAsync(IServiceProvider services, string typed, CancellationToken cancellationToken)
    {
        if (DecisionReference.Parse(typed) is not { } reference)
        {
            await Console.Error.WriteLineAsync("This is not a reference: it has eight letters and digits, such as 7K3M-9QXA.");
            return 1;
        }

        var record = await services.GetRequiredService<AppDbContext>().Set<DecisionRecord>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.Reference == reference, cancellationToken);
        if (record is null)
        {
            await Console.Error.WriteLineAsync(
                $"There is no record {DecisionReference.Show(reference)}. It may be mistyped, of another server, or older than {AuditOptions.Section}:{nameof(AuditOptions.DecisionRetention)}.");
            return 1;
        }

        await Console.Out.WriteAsync(DecisionReport.Of(record));
        return 0;
    }

    private static async Task<int> ListAsync(IServiceProvider services, string? client, int last, CancellationToken cancellationToken)
    {
        var records = await services.GetRequiredService<AppDbContext>().Set<DecisionRecord>().AsNoTracking()
            .Where(row => client == null || row.ClientId == client)
            .OrderByDescending(row => row.LastAt)
            .Take(Math.Clamp(last, 1, MostListed))
            .ToListAsync(cancellationToken);
        if (records.Count == 0)
        {
            await Console.Out.WriteLineAsync(client is null ? "Nothing was refused." : $"Nothing was refused to {client}.");
            return 0;
        }

        await Console.Out.WriteAsync(DecisionReport.Of(records));
        return 0;
    }
}
