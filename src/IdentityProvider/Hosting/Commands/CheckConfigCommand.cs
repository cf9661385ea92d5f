using System.CommandLine;

namespace IdentityProvider.Hosting.Commands;

/// <summary><c>check-config</c>: what a start would say of the settings.</summary>
internal static class CheckConfigCommand
{
    public static Command Build(string[] configuration)
    {
        var command = new Command("check-config", "Says what is wrong with the configuration. Touches no database and makes no file.");
        command.SetAction(async (_, _) =>
        {
            IdentityProviderExtensions.AddCheckedFeatures(Workbench.CreateBuilder(configuration));
            await Console.Out.WriteLineAsync("The configuration is right.");
            return 0;
        });
        return command;
    }
}
