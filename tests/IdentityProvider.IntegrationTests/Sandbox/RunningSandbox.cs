using IdentityProvider.IntegrationTests.Sandbox;
using IdentityProvider.Sandbox;
using IdentityProvider.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(RunningSandbox))]

namespace IdentityProvider.IntegrationTests.Sandbox;

/// <summary>One sandbox on free ports for all tests of the assembly, started when the first of them asks.</summary>
public sealed class RunningSandbox : IAsyncDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("sandbox-");
    private readonly Lazy<Task<SandboxApp>> sandbox;

    public RunningSandbox() =>
        sandbox = new(() => SandboxApp.StartAsync(SandboxOptions.OnFreePorts(root.FullName) with { Clock = Clock }, CancellationToken.None));

    public TestClock Clock { get; } = new();

    internal async Task<SandboxAddresses> AddressesAsync() => (await sandbox.Value).Addresses;

    internal Task<SandboxApp> AppAsync() => sandbox.Value;

    public async ValueTask DisposeAsync()
    {
        if (sandbox is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await sandbox.Value).DisposeAsync();
        }

        root.Delete(recursive: true);
    }
}
