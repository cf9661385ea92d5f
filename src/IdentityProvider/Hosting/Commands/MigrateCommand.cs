using System.CommandLine;

namespace IdentityProvider.Hosting.Commands;

/// <summary><c>migrate</c>: the tables of this version.</summary>
internal static class MigrateCommand
{
    public static Command Build(string[] configuration)
    {
        var command = new Command("migrate", "Brings the database to this version. On PostgreSQL run it before the new version is rolled out.");
        command.SetAction((_, cancellationToken) => RunAsync(configuration, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] configuration, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> applied = [];
        return await Workbench.RunAsync(
            configuration,
            async startUp => applied = await startUp.MigrateAsync(cancellationToken),
            async _ =>
            {
                await Console.Out.WriteLineAsync(applied.Count == 0
                    ? "The database is up to date."
                    : $"Applied {string.Join(", ", applied)}.");
                return 0;
            });
    }
}
