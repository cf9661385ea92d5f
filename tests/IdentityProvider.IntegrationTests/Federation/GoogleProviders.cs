using IdentityProvider.Testing;

namespace IdentityProvider.IntegrationTests.Federation;

/// <summary>One provider for each database that has Google behind it, shared by the tests of a class.</summary>
public sealed class GoogleProviders : IAsyncDisposable
{
    private readonly Dictionary<TestDatabase, ProviderHost> started = [];

    internal FakeGoogle Google { get; } = new();

    internal async Task<ProviderHost> OnAsync(TestDatabase database) =>
        started.TryGetValue(database, out var provider)
            ? provider
            : started[database] = await ProviderHost.StartAsync(Google.Settings(database));

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in started.Values)
        {
            await provider.DisposeAsync();
        }

        Google.Dispose();
    }
}
