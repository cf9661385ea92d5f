using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Hosting.Commands;

/// <summary><c>serve</c>: the server.</summary>
internal static partial class ServeCommand
{
    public const string Name = "serve";

    public static Command Build(string[] configuration)
    {
        var command = new Command(Name, "Answers requests until it is stopped. This is what runs when no command is given.");
        command.SetAction((_, cancellationToken) => RunAsync(configuration, cancellationToken));
        return command;
    }

    public static async Task<int> RunAsync(string[] configuration, CancellationToken cancellationToken)
    {
        var builder = Workbench.CreateBuilder(configuration);
        builder.AddIdentityProvider();
        // A start that fails is told in a sentence by the program; the host would print its stack trace as well.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        await using var app = builder.Build();
        app.UseIdentityProvider();
        await app.Services.GetRequiredService<StartUp>().PrepareAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
        if (await app.CreateSetupLinkAsync(cancellationToken) is { } link)
        {
            Log.NoAdministrator(app.Logger, link);
        }

        SpareMemory.GiveBack();
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static partial class Log
    {
        // A secret in a log, on purpose: it is the only way to the person who installs the server. It works once and for an hour.
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning,
            Message = "There is no administrator yet. Make the first one here, within an hour: {SetupLink}")]
        public static partial void NoAdministrator(ILogger logger, string setupLink);
    }
}
