using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Declarations;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Declarations;

public sealed class ApplyTests
{
    private const string Empty = "{}";
    private static readonly TimeSpan noticed = TimeSpan.FromSeconds(5);

    private static readonly AuditEventType[] declaring =
    [
        AuditEventType.DeclarationsApplied, AuditEventType.ClientChanged, AuditEventType.ScopeChanged,
        AuditEventType.UserCreated, AuditEventType.UserChanged,
    ];

    [Theory]
    [OnEachDatabase]
    public async Task A_file_makes_everything_it_declares_and_again_changes_nothing(TestDatabase database)
    {
        await using var node = await StartAsync(database);

        var first = await node.MustDeclareAsync(StandardDeclaration.Json);
        var before = await SnapshotAsync(node);
        var second = await node.MustDeclareAsync(StandardDeclaration.Json);
        var after = await SnapshotAsync(node);

        Assert.Equal(new DeclarationOutcome.Applied(Created: 15, Changed: 0, Unchanged: 0, Removed: 0), first);
        Assert.Equal(new DeclarationOutcome.Applied(Created: 0, Changed: 0, Unchanged: 15, Removed: 0), second);
        Assert.Equal(before, after);
    }

    [Theory]
    [OnEachDatabase]
    public async Task Nodes_that_apply_the_same_file_at_the_same_time_make_everything_once(TestDatabase database)
    {
        await using var node = await StartAsync(database);
        await using var other = await node.StartSecondNodeAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(index => Task.Run(() => (index % 2 == 0 ? node : other).MustDeclareAsync(StandardDeclaration.Json))));

        Assert.Equal(15, outcomes.Sum(outcome => outcome.Created));
        Assert.Equal(7 * 15, outcomes.Sum(outcome => outcome.Unchanged));
        Assert.Equal(1, await node.ReadAsync(db => db.Set<AuditEvent>().CountAsync(row => row.Type == AuditEventType.DeclarationsApplied)));
    }

    [Theory]
    [OnEachDatabase]
    public async Task Another_node_notices_within_seconds(TestDatabase database)
    {
        await using var node = await StartAsync(database);
        await using var other = await node.StartSecondNodeAsync();
        var clients = other.Services.GetRequiredService<ClientCatalog>();
        Assert.Null(await clients.FindAsync("shop", CancellationToken.None));
        Assert.False((await other.ScopesAsync()).Contains("orders"));

        await node.MustDeclareAsync(StandardDeclaration.Json);

        Assert.NotNull(await node.Services.GetRequiredService<ClientCatalog>().FindAsync("shop", CancellationToken.None));
        Assert.True((await node.ScopesAsync()).Contains("orders"));
        Assert.True(await DeclarationSteps.WithinAsync(noticed, async () => await clients.FindAsync("shop", CancellationToken.None) is not null));
        Assert.True(await DeclarationSteps.WithinAsync(noticed, async () => (await other.ScopesAsync()).Contains("orders")));
    }

    [Fact]
    public async Task Outside_development_a_declared_secret_must_be_random()
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings
        {
            Declaration = null,
            Environment = "Production",
            Configuration = new Dictionary<string, string?> { ["IdentityProvider:AllowInsecureTransport"] = "true" },
        });

        var errors = await node.MustRefuseAsync("""{ "clients": [{ "client_id": "machine", "grant_types": ["client_credentials"], "client_secret": "hunter2" }] }""");

        Assert.StartsWith("clients[0].client_secret (machine): ", Assert.Single(errors), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", errors[0], StringComparison.Ordinal);
    }

    private static Task<ProviderHost> StartAsync(TestDatabase database) =>
        ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = Empty });

    // What would show that something was written: versions of rows, of caches, and events.
    private static Task<string> SnapshotAsync(ProviderHost node) => node.ReadAsync(async db => string.Join('\n',
        (await db.Set<Client>().OrderBy(row => row.ClientId).Select(row => $"{row.ClientId} {row.ConcurrencyToken}").ToListAsync())
            .Concat(await db.Users.OrderBy(row => row.UserName).Select(row => $"{row.UserName} {row.ConcurrencyStamp}").ToListAsync())
            .Concat(await db.Set<ChangeStamp>().OrderBy(row => row.Name).Select(row => $"{row.Name} {row.Version}").ToListAsync())
            .Append($"{await db.Set<AuditEvent>().CountAsync(row => declaring.Contains(row.Type))} events")));
}
