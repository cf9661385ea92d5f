using IdentityProvider.Testing;

namespace IdentityProvider.IntegrationTests.Deploy;

/// <summary>The lines of <c>deploy/systemd</c> as systemd reads them.</summary>
internal static class UnitFile
{
    public const string Program = "/opt/identityprovider/IdentityProvider.Host";
    public const string State = "/var/lib/identityprovider";

    public static string Path { get; } = Repository.PathOf("deploy", "systemd", "identityprovider.service");

    public static string Text { get; } = File.ReadAllText(Path);

    /// <summary>The value of a directive that is there once.</summary>
    public static string Value(string directive) => Text.Split('\n')
        .Single(line => line.StartsWith(directive + "=", StringComparison.Ordinal))[(directive.Length + 1)..];

    /// <summary>The words of <c>ExecStart</c>, with the paths of an installation replaced by those of a test.</summary>
    public static string[] CommandLine(string program, string state) =>
        [.. Value("ExecStart").Split(' ').Select(word => word == Program ? program : word.Replace(State, state, StringComparison.Ordinal))];

    /// <summary>What the program finds in its environment: the unit's own lines and those of the example file beside it.</summary>
    public static Dictionary<string, string> Environment()
    {
        var lines = File.ReadAllLines(Repository.PathOf("deploy", "systemd", "identityprovider.env"));
        return lines.Append(Value("Environment"))
            .Where(line => line.Contains('=', StringComparison.Ordinal) && !line.StartsWith('#'))
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
    }
}
