using System.Diagnostics;

namespace IdentityProvider.Benchmarks.Servers;

/// <summary>The Host as people deploy it.</summary>
internal sealed class PublishedHost
{
    private PublishedHost(string folder) => Folder = folder;

    public string Folder { get; }

    public IReadOnlyList<string> Command => ["dotnet", Path.Combine(Folder, "IdentityProvider.Host.dll")];

    public static PublishedHost In(string folder) => File.Exists(Path.Combine(folder, "IdentityProvider.Host.dll"))
        ? new PublishedHost(Path.GetFullPath(folder))
        : throw new BenchmarkException($"There is no IdentityProvider.Host.dll in {folder}: give the output of 'dotnet publish src/IdentityProvider.Host'.");

    public static async Task<PublishedHost> PublishAsync(string into)
    {
        var folder = Path.Combine(into, "host");
        var start = new ProcessStartInfo("dotnet",
            ["publish", Path.Combine(Sources.Root(), "src", "IdentityProvider.Host"), "-c", "Release", "-o", folder, "-v", "quiet", "-nologo"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? In(folder) : throw new BenchmarkException("The Host cannot be published:\n" + output);
    }
}
