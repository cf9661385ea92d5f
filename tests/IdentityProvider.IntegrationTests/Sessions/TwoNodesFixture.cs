namespace IdentityProvider.IntegrationTests.Sessions;

/// <summary>Two nodes for each database, for the tests of one class: each test has a person of its own, and time only goes on.</summary>
public sealed class TwoNodesFixture : IAsyncDisposable
{
    private readonly Lazy<Task<TwoNodes>> sqlite = new(() => TwoNodes.StartAsync(TestDatabase.Sqlite));
    private readonly Lazy<Task<TwoNodes>> postgreSql = new(() => TwoNodes.StartAsync(TestDatabase.PostgreSql));

    public Task<TwoNodes> OnAsync(TestDatabase database)
    {
        Installed.Require(database);
        return (database == TestDatabase.PostgreSql ? postgreSql : sqlite).Value;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var nodes in new[] { sqlite, postgreSql }.Where(nodes => nodes is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
        {
            await (await nodes.Value).DisposeAsync();
        }
    }
}
