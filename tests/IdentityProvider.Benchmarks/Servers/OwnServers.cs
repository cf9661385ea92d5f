using IdentityProvider.Benchmarks.Reference;

namespace IdentityProvider.Benchmarks.Servers;

/// <summary>The servers that this program itself is, started as processes of their own.</summary>
internal static class OwnServers
{
    /// <summary>OpenIddict with its defaults.</summary>
    public static async Task<Target> StartReferenceAsync(string folder)
    {
        var data = Directory.CreateDirectory(Path.Combine(folder, "reference")).FullName;
        return await Target.FromAsync("reference", await StartAsync(ReferenceServer.Mode, data, Target.Discovery));
    }

    /// <summary>The least that an endpoint can do.</summary>
    public static async Task<Target> StartFormAsync(string folder) =>
        Target.Plain("form", await StartAsync(FormServer.Mode, folder, "/"));

    private static Task<ServerProcess> StartAsync(string mode, string folder, string ready) =>
        ServerProcess.StartAsync(["dotnet", typeof(OwnServers).Assembly.Location, mode], folder, ServerProcess.FreePort(), new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            // What the Web SDK gives every web program, and the SDK of this console program does not.
            ["DOTNET_gcServer"] = "1",
        }, ready);
}
