using IdentityProvider.Protocol;

namespace IdentityProvider.IntegrationTests.ClientAuthentication;

/// <summary>One provider for each database that may call the key servers of tests, shared by the tests of a class.</summary>
public sealed class KeyServerProviders : IAsyncDisposable
{
    private readonly Dictionary<TestDatabase, ProviderHost> started = [];

    internal async Task<ProviderHost> OnAsync(TestDatabase database) =>
        started.TryGetValue(database, out var provider)
            ? provider
            : started[database] = await ProviderHost.StartAsync(new ProviderSettings
            {
                Database = database,
                Configuration = new Dictionary<string, string?> { [OutgoingRequestsOptions.Section + ":AllowedPrivateHosts"] = KeyServer.Host },
            });

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in started.Values)
        {
            await provider.DisposeAsync();
        }
    }
}
