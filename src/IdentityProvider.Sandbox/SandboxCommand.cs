using System.CommandLine;
using System.Net;
using IdentityProvider.Configuration;

namespace IdentityProvider.Sandbox;

/// <summary>The command line of the sandbox.</summary>
internal sealed class SandboxCommand
{
    private readonly Option<int> basePort = Port("--base-port", "The provider's port; the others follow it: web app +1, API +2, Google stand-in +3.");
    private readonly Option<int?> providerPort = PortOf("--provider-port", "the provider");
    private readonly Option<int?> webPort = PortOf("--web-port", "the sample web app");
    private readonly Option<int?> apiPort = PortOf("--api-port", "the sample API");
    private readonly Option<int?> googlePort = PortOf("--google-port", "the stand-in for Google");
    private readonly Option<DirectoryInfo?> data = new("--data")
    {
        Description = "The folder in which data/ is made. Default: the program's content root.",
        HelpName = "folder",
    };

    private readonly Option<bool> alwaysOpen = new("--always-open")
    {
        Description = "Make every hour a working hour at the sample API. Default: 9 to 17 in Berlin, Monday to Friday.",
    };

    private readonly Option<bool> verbose = new("--verbose") { Description = "Log what the applications do, not only warnings." };

    public RootCommand Root
    {
        get
        {
            var root = new RootCommand(
                "Starts the provider, a sample web app, a sample API and a stand-in for Google on this machine, to try things out. "
                + "It listens on loopback addresses only.")
            {
                basePort, providerPort, webPort, apiPort, googlePort, data, alwaysOpen, verbose,
            };
            root.SetAction((parsed, cancellationToken) => RunAsync(Options(parsed), parsed.InvocationConfiguration, cancellationToken));
            return root;
        }
    }

    private SandboxOptions Options(ParseResult parsed)
    {
        var first = parsed.GetValue(basePort);
        return new SandboxOptions
        {
            ProviderPort = parsed.GetValue(providerPort) ?? first,
            WebAppPort = parsed.GetValue(webPort) ?? first + 1,
            ApiPort = parsed.GetValue(apiPort) ?? first + 2,
            GooglePort = parsed.GetValue(googlePort) ?? first + 3,
            Root = parsed.GetValue(data)?.FullName ?? Directory.GetCurrentDirectory(),
            IsOfficeAlwaysOpen = parsed.GetValue(alwaysOpen),
            LogLevel = parsed.GetValue(verbose) ? LogLevel.Information : LogLevel.Warning,
        };
    }

    private static async Task<int> RunAsync(SandboxOptions options, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        try
        {
            await using var sandbox = await SandboxApp.StartAsync(options, cancellationToken);
            await console.Output.WriteLineAsync(SandboxTable.Render(sandbox));
            await sandbox.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (Exception refused) when (refused is SandboxRefusedException or StartRefusedException)
        {
            await console.Error.WriteLineAsync(refused.Message);
            return 1;
        }
    }

    private static Option<int> Port(string name, string description)
    {
        var option = new Option<int>(name)
        {
            Description = description,
            HelpName = "port",
            DefaultValueFactory = _ => SandboxOptions.DefaultPort,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > IPEndPoint.MaxPort - 3)
            {
                result.AddError($"{name} must be between 1 and {IPEndPoint.MaxPort - 3}.");
            }
        });
        return option;
    }

    private static Option<int?> PortOf(string name, string application)
    {
        var option = new Option<int?>(name) { Description = $"The port of {application}.", HelpName = "port" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > IPEndPoint.MaxPort)
            {
                result.AddError($"{name} must be between 1 and {IPEndPoint.MaxPort}.");
            }
        });
        return option;
    }
}
