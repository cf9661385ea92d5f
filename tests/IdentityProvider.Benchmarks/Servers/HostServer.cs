namespace IdentityProvider.Benchmarks.Servers;

/// <summary>Starts the published Host with the settings of a production server, but for TLS, which a proxy would end.</summary>
internal static class HostServer
{
    public const string Name = "host";

    public static async Task<Target> StartAsync(
        PublishedHost host, HostStorage storage, IReadOnlyDictionary<string, string>? more = null, string name = Name)
    {
        var port = ServerProcess.FreePort();
        var declaration = Path.Combine(storage.Folder, "declaration.json");
        if (!File.Exists(declaration))
        {
            await File.WriteAllTextAsync(declaration, Cast.Declaration());
        }

        var settings = new Dictionary<string, string>(more ?? new Dictionary<string, string>())
        {
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_CONTENTROOT"] = storage.Folder,
            ["IdentityProvider:Issuer"] = $"http://127.0.0.1:{port}",
            ["IdentityProvider:AllowInsecureTransport"] = "true",
            ["IdentityProvider:Declarations"] = declaration,
        };
        // The content root is the server's own folder, and what was published beside the program belongs to it.
        File.Copy(Path.Combine(host.Folder, "appsettings.json"), Path.Combine(storage.Folder, "appsettings.json"), overwrite: true);
        storage.AddSettings(settings);
        var process = await ServerProcess.StartAsync([.. host.Command, "serve"], storage.Folder, port, settings, Target.Discovery);
        return await Target.FromAsync(name, process);
    }
}
