using System.Text.Json.Nodes;
using IdentityProvider.Benchmarks.Load;

namespace IdentityProvider.Benchmarks.Servers;

/// <summary>Starts the published Host with the settings of a production server, but for TLS, which a proxy would end.</summary>
/// <param name="declare">What is declared beside the usual cast.</param>
internal sealed class HostServer(PublishedHost host, LogoutReceiver receiver, Action<JsonObject>? declare = null)
{
    public const string Name = "host";

    /// <summary>The same Host with more in its declaration.</summary>
    public HostServer Declaring(Action<JsonObject> more) => new(host, receiver, more);

    /// <param name="more">Environment variables beside the usual settings.</param>
    public async Task<Target> StartAsync(HostStorage storage, IReadOnlyDictionary<string, string>? more = null, string name = Name) =>
        await Target.FromAsync(name, await StartProcessAsync(storage, more));

    public async Task<ServerProcess> StartProcessAsync(HostStorage storage, IReadOnlyDictionary<string, string>? more = null)
    {
        var declaration = Path.Combine(storage.Folder, "declaration.json");
        var declared = Cast.Declaration(receiver.Address);
        declare?.Invoke(declared);
        await File.WriteAllTextAsync(declaration, declared.ToJsonString());
        // The content root is the server's own folder, and what was published beside the program belongs to it.
        File.Copy(Path.Combine(host.Folder, "appsettings.json"), Path.Combine(storage.Folder, "appsettings.json"), overwrite: true);

        var port = ServerProcess.FreePort();
        var settings = new Dictionary<string, string>(more ?? new Dictionary<string, string>())
        {
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_CONTENTROOT"] = storage.Folder,
            ["IdentityProvider:Issuer"] = $"http://127.0.0.1:{port}",
            ["IdentityProvider:AllowInsecureTransport"] = "true",
            ["IdentityProvider:Declarations"] = declaration,
            ["IdentityProvider:OutgoingRequests:AllowedPrivateHosts"] = new Uri(receiver.Address).Host,
            ["SSL_CERT_FILE"] = receiver.Certificates,
        };
        storage.AddSettings(settings);
        return await ServerProcess.StartAsync([.. host.Command, "serve"], storage.Folder, port, settings, Target.Discovery);
    }
}
