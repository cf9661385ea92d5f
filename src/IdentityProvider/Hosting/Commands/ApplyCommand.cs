using System.CommandLine;
using System.Diagnostics;
using IdentityProvider.Declarations;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Hosting.Commands;

/// <summary><c>apply</c>: a declaration file, also while servers are running.</summary>
internal static class ApplyCommand
{
    public static Command Build(string[] configuration)
    {
        var file = new Argument<string>("FILE") { Description = "The declaration file (JSON)." };
        var prune = new Option<bool>("--prune") { Description = "Also remove what an earlier file declared and this one does not." };
        var command = new Command("apply", "Makes clients, scopes, resources, roles and people be as a file says: all of it, or nothing when anything is wrong. Running servers notice.")
        {
            file,
            prune,
        };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(configuration, parsed.GetRequiredValue(file), parsed.GetValue(prune), cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(string[] configuration, string file, bool prune, CancellationToken cancellationToken) =>
        Workbench.RunAsync(configuration, async services =>
        {
            switch (await services.GetRequiredService<DeclarationFile>().ApplyAsync(file, prune, cancellationToken))
            {
                case DeclarationOutcome.Applied applied:
                    await Console.Out.WriteLineAsync($"{applied}.");
                    foreach (var note in applied.Notes)
                    {
                        await Console.Error.WriteLineAsync(note);
                    }

                    return 0;
                case DeclarationOutcome.Refused refused:
                    foreach (var error in refused.Errors)
                    {
                        await Console.Error.WriteLineAsync(error);
                    }

                    return 1;
                case var other:
                    throw new UnreachableException($"Unhandled outcome {other}.");
            }
        }, cancellationToken);
}
