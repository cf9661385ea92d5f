namespace IdentityProvider.Testing;

/// <summary>
/// One running provider for each database, started when the first test asks for it and shared by all tests of an assembly.
/// A test that needs other settings, a leap in time or a restart starts a <see cref="ProviderHost"/> of its own.
/// </summary>
public sealed class SharedProviders : IAsyncDisposable
{
    private readonly Lazy<Task<ProviderHost>> sqlite = Start(TestDatabase.Sqlite);
    private readonly Lazy<Task<ProviderHost>> postgreSql = Start(TestDatabase.PostgreSql);

    public Task<ProviderHost> OnAsync(TestDatabase database)
    {
        Installed.Require(database);
        return (database == TestDatabase.PostgreSql ? postgreSql : sqlite).Value;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in new[] { sqlite, postgreSql }.Where(host => host.IsValueCreated && host.Value.IsCompletedSuccessfully))
        {
            await (await started.Value).DisposeAsync();
        }
    }

    private static Lazy<Task<ProviderHost>> Start(TestDatabase database) =>
        new(() => ProviderHost.StartAsync(new ProviderSettings { Database = database }));
}
