using System.CommandLine;

namespace IdentityProvider.Hosting.Commands;

/// <summary>What can be typed after the program's name.</summary>
internal static class CommandLine
{
    // The host's own settings, which have no colon to be known by.
    private static readonly HashSet<string> hostSettings = new(StringComparer.OrdinalIgnoreCase) { "--urls", "--environment", "--contentRoot" };

    /// <summary>How a command is read: a <c>sid</c> may begin with a dash and an h, which is no call for help.</summary>
    public static ParserConfiguration Reading => new() { EnablePosixBundling = false };

    /// <summary>Takes configuration out of the arguments, so that everything else can be held to the commands and a misspelt word is no silent start.</summary>
    public static (string[] Configuration, string[] Command) Split(IReadOnlyList<string> args)
    {
        List<string> configuration = [], rest = [];
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i].Split('=', 2)[0];
            if (!hostSettings.Contains(name) && !(name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal)))
            {
                rest.Add(args[i]);
                continue;
            }

            configuration.Add(args[i]);
            if (name.Length == args[i].Length && i + 1 < args.Count)
            {
                configuration.Add(args[++i]);
            }
        }

        return ([.. configuration], [.. rest]);
    }

    public static RootCommand Build(string[] configuration)
    {
        var root = new RootCommand(
            """
            OAuth 2.0 and OpenID Connect server. Without a command it serves.

            Every command also takes configuration: --Section:Key=value, --urls, --environment, --contentRoot.
            The settings are described in docs/configuration.md.
            """);
        root.Add(ServeCommand.Build(configuration));
        root.Add(MigrateCommand.Build(configuration));
        root.Add(ApplyCommand.Build(configuration));
        root.Add(CheckConfigCommand.Build(configuration));
        root.Add(SetupLinkCommand.Build(configuration));
        root.Add(KeysCommand.Build(configuration));
        root.Add(UsersCommand.Build(configuration));
        root.Add(SessionsCommand.Build(configuration));
        root.Add(WhyCommand.Build(configuration));
        root.Add(LogoutsCommand.Build(configuration));
        root.Add(PoliciesCommand.Build());
        root.SetAction((_, cancellationToken) => ServeCommand.RunAsync(configuration, cancellationToken));
        return root;
    }
}
