using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Deploy;

/// <summary>What <c>dotnet publish</c> of the Host gives, made once for all tests of what is in <c>deploy/</c>.</summary>
public sealed class PublishedHost : IAsyncLifetime
{
    // Not in /tmp, which a service gets anew and empty.
    private readonly DirectoryInfo root = Directory.CreateDirectory(
        Path.Combine(OperatingSystem.IsWindows() ? Path.GetTempPath() : "/var/tmp", "identityprovider-deploy-" + Wire.RandomText(9)));

    public string Folder => Path.Combine(root.FullName, "published");

    /// <summary>The program that unit file and image start.</summary>
    public string Program => Path.Combine(Folder, "IdentityProvider.Host");

    public async ValueTask InitializeAsync()
    {
        // Others may pass through: services have accounts of their own.
        if (!OperatingSystem.IsWindows())
        {
            root.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        }

        // Built together with this test, so only laid out here.
        await Tool.RunAsync("dotnet", "publish", Repository.PathOf("src", "IdentityProvider.Host"), "--no-build",
            "--configuration", Repository.Configuration, "--output", Folder, "--verbosity", "quiet", "--disable-build-servers");
    }

    /// <summary>An empty folder of this run, for this account only.</summary>
    public string NewFolder()
    {
        var path = Path.Combine(root.FullName, Wire.RandomText(9));
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path).FullName
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    public ValueTask DisposeAsync()
    {
        root.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}

[CollectionDefinition(nameof(PublishedHost))]
public sealed class PublishedHostDefinition : ICollectionFixture<PublishedHost>;
