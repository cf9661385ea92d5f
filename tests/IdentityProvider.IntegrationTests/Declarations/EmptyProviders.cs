using IdentityProvider.Testing;

namespace IdentityProvider.IntegrationTests.Declarations;

/// <summary>A provider with nothing declared for each database, shared by tests whose entries have names of their own.</summary>
public sealed class EmptyProviders : IAsyncDisposable
{
    private readonly Lazy<Task<ProviderHost>> sqlite = Start(TestDatabase.Sqlite);
    private readonly Lazy<Task<ProviderHost>> postgreSql = Start(TestDatabase.PostgreSql);

    public Task<ProviderHost> OnAsync(TestDatabase database) => (database == TestDatabase.PostgreSql ? postgreSql : sqlite).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var started in new[] { sqlite, postgreSql }.Where(host => host.IsValueCreated && host.Value.IsCompletedSuccessfully))
        {
            await (await started.Value).DisposeAsync();
        }
    }

    private static Lazy<Task<ProviderHost>> Start(TestDatabase database) =>
        new(() => ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = "{}" }));
}
