using IdentityProvider.Sandbox;

namespace IdentityProvider.BrowserTests;

/// <summary>The sandbox, as <c>dotnet run --project src/IdentityProvider.Sandbox</c> starts it, on free ports and an empty folder.</summary>
public sealed class SharedSandbox : IAsyncDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("identityprovider-sandbox-");
    private readonly Lazy<Task<SandboxApp>> started;

    public SharedSandbox() => started = new(() => SandboxApp.StartAsync(SandboxOptions.OnFreePorts(root.FullName), CancellationToken.None));

    internal Task<SandboxApp> AppAsync() => started.Value;

    public async ValueTask DisposeAsync()
    {
        if (started.IsValueCreated && started.Value.IsCompletedSuccessfully)
        {
            await (await started.Value).DisposeAsync();
        }

        root.Delete(recursive: true);
    }
}
