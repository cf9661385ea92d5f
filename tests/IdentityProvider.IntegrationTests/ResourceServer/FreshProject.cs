using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Security;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace IdentityProvider.IntegrationTests.ResourceServer;

/// <summary>
/// A web project outside the repository that has the package from a folder. What NuGet unpacks lies there too, so that this version is
/// never mistaken for another one; everything else comes from what the machine has already, or from where it gets its packages.
/// </summary>
internal sealed partial class FreshProject : IAsyncDisposable
{
    private const string Package = "IdentityProvider.ResourceServer";
    private const string Version = "0.0.0-of-this-test";
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(120);

    private readonly string folder = Directory.CreateTempSubdirectory("identityprovider-package-").FullName;
    private Process? running;

    public HttpClient Http { get; } = new();

    private string Packed => Path.Combine(folder, "packed");

    private string App => Path.Combine(folder, "app");

    /// <summary>Packs what was built with this test.</summary>
    public Task PackAsync() => DotnetAsync(Repository.Root,
        "pack", Repository.PathOf("src", Package), "--no-build", "-c", Repository.Configuration, "-p:PackageVersion=" + Version, "-o", Packed);

    /// <summary>The files of the package, and the ids of the packages it needs.</summary>
    public (IReadOnlyList<string> Files, IReadOnlyList<string> Dependencies) Inspect()
    {
        using var package = ZipFile.OpenRead(Path.Combine(Packed, $"{Package}.{Version}.nupkg"));
        using var nuspec = package.GetEntry(Package + ".nuspec")!.Open();
        var dependencies = XDocument.Load(nuspec).Descendants().Where(element => element.Name.LocalName == "dependency");
        return ([.. package.Entries.Select(entry => entry.FullName)], [.. dependencies.Select(dependency => (string)dependency.Attribute("id")!)]);
    }

    /// <summary>Makes the project, installs the package, and builds it with this program.</summary>
    public async Task BuildAsync(string program)
    {
        await DotnetAsync(folder, "new", "web", "-o", App, "--no-restore");
        await File.WriteAllTextAsync(Path.Combine(App, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{SecurityElement.Escape(Path.Combine(folder, "unpacked"))}" /></config>
              <fallbackPackageFolders><add key="machine" value="{SecurityElement.Escape(MachinePackages)}" /></fallbackPackageFolders>
              <packageSources><add key="packed" value="{SecurityElement.Escape(Packed)}" /></packageSources>
            </configuration>
            """);
        await File.WriteAllTextAsync(Path.Combine(App, "Program.cs"), program);
        await DotnetAsync(App, "add", "package", Package, "--version", Version, "--no-restore");
        await DotnetAsync(App, "build", "-c", "Release", "-o", Path.Combine(folder, "out"), "--disable-build-servers");
    }

    /// <summary>Runs what was built, until this is disposed of.</summary>
    public async Task StartAsync(string authority, string audience)
    {
        var port = Ports.Free();
        Http.BaseAddress = new Uri($"http://127.0.0.1:{port}");
        var start = Prepare(folder, [Path.Combine(folder, "out", "app.dll"), "--urls", Http.BaseAddress.ToString(), "--Authority", authority, "--Audience", audience]);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        running = Process.Start(start)!;
        // Nobody reads what it writes, and a full pipe would stop it.
        running.BeginOutputReadLine();
        running.BeginErrorReadLine();
        await Eventually.TrueAsync(IsListeningAsync);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (running is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The first program of a page of the documentation.</summary>
    public static string ProgramOf(string page) => FirstProgram().Match(File.ReadAllText(Repository.PathOf("docs", page))).Groups[1].Value;

    private static string MachinePackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private async Task<bool> IsListeningAsync()
    {
        Assert.False(running!.HasExited, "The program ended.");
        try
        {
            using var response = await Http.GetAsync("/");
            return response.StatusCode == HttpStatusCode.NotFound;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task DotnetAsync(string folder, params string[] arguments)
    {
        using var process = Process.Start(Prepare(folder, arguments))!;
        using var limit = new CancellationTokenSource(patience, TimeProvider.System);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}:\n{await output}{await errors}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static ProcessStartInfo Prepare(string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // It would win over the configuration of the project.
        start.Environment.Remove("NUGET_PACKAGES");
        // No build server is left running behind our back.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        return start;
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex FirstProgram();
}
