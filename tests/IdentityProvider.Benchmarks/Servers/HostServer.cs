using IdentityProvider.Benchmarks.Load;

namespace IdentityProvider.Benchmarks.Servers;

/// <summary>Starts the published Host with the settings of a production server, but for TLS, which a proxy would end.</summary>
internal sealed class HostServer(PublishedHost host, LogoutReceiver receiver)
{
    public const string Name = "host";

    /// <param name="more">Environment variables beside the usual settings.</param>
    public async Task<Target> StartAsync(HostStorage storage, IReadOnlyDictionary<string, string>? more = null, string name = Name) =>
        await Target.FromAsync(name, await StartProcessAsync(storage, more));

    public async Task<ServerProcess> StartProcessAsync(HostStorage storage, IReadOnlyDictionary<string, string>? more = null)
    {
        var declaration = Path.Combine(storage.Folder, "declaration.json");
        await File.WriteAllTextAsync(declaration, Cast.Declaration(receiver.Address));
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
