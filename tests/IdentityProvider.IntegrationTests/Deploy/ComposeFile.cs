using System.Text.RegularExpressions;
using IdentityProvider.Testing;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace IdentityProvider.IntegrationTests.Deploy;

/// <summary>A compose file of <c>deploy/docker</c>, read as Compose reads it.</summary>
internal sealed partial class ComposeFile
{
    private readonly Dictionary<object, object> root;

    private ComposeFile(string text) => root = new DeserializerBuilder().Build()
        .Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(new StringReader(Variable().Replace(text, "login.example.com")))));

    public IEnumerable<string> Services => Map(root["services"]).Keys.Cast<string>();

    /// <param name="name">A file of <c>deploy/docker</c>. Its one variable, the host name, is <c>login.example.com</c>.</param>
    public static ComposeFile Read(string name) => new(File.ReadAllText(PathOf(name)));

    public Dictionary<object, object> Service(string name) => Map(Map(root["services"])[name]);

    /// <summary>The environment of a service, with the files of <c>/run/secrets</c> lying elsewhere.</summary>
    public Dictionary<string, string?> Environment(string service, string secrets) => Map(Service(service)["environment"])
        .ToDictionary(pair => (string)pair.Key, string? (pair) => ((string)pair.Value).Replace("/run/secrets", secrets, StringComparison.Ordinal));

    /// <summary>Makes the secrets by the very commands that the head of <c>compose.yaml</c> tells, and returns their folder.</summary>
    public static async Task<string> PrepareSecretsAsync(string folder)
    {
        Tool.Require("openssl");
        var commands = File.ReadAllLines(PathOf("compose.yaml"))
            .Where(line => line.StartsWith("#   ", StringComparison.Ordinal))
            .Select(line => line[4..]);
        await Tool.RunAsync("sh", "-ec", $"cd \"$1\"\n{string.Join('\n', commands)}", "sh", folder);
        return Path.Combine(folder, "secrets");
    }

    public static Dictionary<object, object> Map(object node) => (Dictionary<object, object>)node;

    private static string PathOf(string name) => Repository.PathOf("deploy", "docker", name);

    [GeneratedRegex(@"\$\{IDP_HOST(:\?[^}]*)?\}")]
    private static partial Regex Variable();
}
