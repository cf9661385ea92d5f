using System.Text.Json;
using System.Text.Json.Serialization;
using IdentityProvider.Sandbox.WebApp;

namespace IdentityProvider.Sandbox;

/// <summary>A test person as the table shows it.</summary>
public sealed record SandboxPerson(
    [property: JsonPropertyName("username")] string UserName,
    [property: JsonPropertyName("password")] string? Password,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("email")] string? Email);

/// <summary>A client as the sandbox's own applications need it.</summary>
internal sealed record SandboxClient(
    [property: JsonPropertyName("client_id")] string ClientId,
    [property: JsonPropertyName("client_secret")] string? ClientSecret);

/// <summary>
/// <c>sandbox.json</c>: clients, scopes, the API and the test people, in the format that every deployment declares its own in.
/// It is written for the default ports; with others, its addresses are replaced before the provider reads it.
/// </summary>
internal sealed class SandboxDeclarations
{
    private const string FileName = "sandbox.json";

    // The provider allows both too.
    private static readonly JsonSerializerOptions lenient = new() { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly string json;
    private readonly Content content;

    private SandboxDeclarations(string json)
    {
        this.json = json;
        content = JsonSerializer.Deserialize<Content>(json, lenient) ?? throw new JsonException($"{FileName} is empty.");
    }

    public IReadOnlyList<SandboxPerson> People => content.Users ?? [];

    public static SandboxDeclarations Read(SandboxAddresses addresses)
    {
        var json = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, FileName));
        return new SandboxDeclarations(json
            .Replace(SandboxAddresses.Default.Provider, addresses.Provider, StringComparison.Ordinal)
            .Replace(SandboxAddresses.Default.WebApp, addresses.WebApp, StringComparison.Ordinal)
            .Replace(SandboxAddresses.Default.Api, addresses.Api, StringComparison.Ordinal)
            .Replace(SandboxAddresses.Default.Google, addresses.Google, StringComparison.Ordinal));
    }

    public WebAppSettings WebApp(SandboxAddresses addresses, SandboxFolder folder)
    {
        var client = content.Clients.Single(client => client.ClientId == SampleWebApp.Name);
        return new WebAppSettings(
            addresses.WebApp,
            addresses.Provider,
            client.ClientId,
            client.ClientSecret!,
            addresses.Api,
            People,
            Path.Combine(folder.Of(SampleWebApp.Name).FullName, "ended-sessions"));
    }

    /// <summary>Puts the declarations where the provider reads them.</summary>
    /// <returns>The file's path.</returns>
    public string Write(SandboxFolder folder)
    {
        var path = folder.PathOf(FileName);
        File.WriteAllText(path, json);
        return path;
    }

    private sealed record Content(
        [property: JsonPropertyName("clients")] IReadOnlyList<SandboxClient> Clients,
        [property: JsonPropertyName("users")] IReadOnlyList<SandboxPerson>? Users);
}
