using System.CommandLine;
using IdentityProvider.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Hosting.Commands;

/// <summary><c>setup-link</c>: the way to the first administrator.</summary>
internal static class SetupLinkCommand
{
    public static Command Build(string[] configuration)
    {
        var command = new Command("setup-link", "Prints a link that makes the first administrator. It works once and for an hour, and voids every earlier one.");
        command.SetAction((_, cancellationToken) => Workbench.RunAsync(configuration, async services =>
        {
            if (await services.GetRequiredService<SetupLinks>().CreateLinkAsync(cancellationToken) is { } link)
            {
                await Console.Out.WriteLineAsync(link);
                return 0;
            }

            await Console.Error.WriteLineAsync("There is an administrator already, so there is no link; whoever that is can make others.");
            return 1;
        }, cancellationToken));
        return command;
    }
}
