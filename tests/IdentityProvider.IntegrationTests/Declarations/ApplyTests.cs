using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Declarations;
using IdentityProvider.Scopes;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Declarations;

public sealed class ApplyTests
{
    private const string Empty = "{}";
    private static readonly TimeSpan noticed = TimeSpan.FromSeconds(5);

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
    public async Task One_wrong_entry_and_nothing_is_applied(TestDatabase database)
    {
        await using var node = await StartAsync(database);

        var errors = await node.MustRefuseAsync(
            """
            {
              "scopes": [{ "name": "orders" }],
              "clients": [{ "client_id": "shop", "grant_types": [], "client_secret": "secret" }],
              "roles": [{ "name": "clerk" }],
              "users": [{ "username": "alice", "name": "Alice" }, { "username": "bob", "email": "nobody" }]
            }
            """);

        Assert.StartsWith("users[1].email (bob): ", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Null(await node.FindClientAsync("shop"));
        Assert.Null(await node.FindUserAsync("alice"));
        Assert.Equal((0, 0), await node.ReadAsync(async db => (await db.Set<Scope>().CountAsync(), await db.Roles.CountAsync())));
    }

    [Theory]
    [OnEachDatabase]
    public async Task Everything_wrong_is_told_at_once_by_path_and_name(TestDatabase database)
    {
        await using var node = await StartAsync(database);

        var errors = await node.MustRefuseAsync(
            """
            {
              "resources": [{ "identifier": "api" }, { "identifier": "https://api.example", "clients": ["nobody"] }],
              "scopes": [{ "name": "orders", "resources": ["https://elsewhere.example", "api"] }],
              "clients": [
                { "client_id": "shop", "redirect_uri": "https://shop.example/cb", "client_secret": "secret" },
                { "client_id": "spa", "token_endpoint_auth_method": "none", "redirect_uris": ["https://spa.example/", "spa.example"], "scope": "openid invoices" },
                { "client_id": "machine", "grant_types": ["client_credentials"], "client_secret_file": "nowhere" }
              ],
              "roles": [{ "name": "two words" }],
              "users": [
                { "username": "alice", "roles": ["clerk"], "birthday": "1990-04-01" },
                { "username": "bob", "password": 7 },
                { "username": "carol", "password": "short" }
              ]
            }
            """);

        Assert.Equal(
            [
                "resources[0].identifier (api)",
                "scopes[0].resources[0] (orders)",
                "clients[0].redirect_uri (shop)",
                "clients[1].redirect_uris[1] (spa)",
                "clients[1].scope (spa)",
                "clients[2].client_secret_file (machine)",
                "resources[1].clients[0] (https://api.example)",
                "roles[0].name (two words)",
                "users[0].birthday (alice)",
                "users[1].password (bob)",
                "users[2].password (carol)",
            ],
            errors.Select(error => error.Split("): ")[0] + ")"));
    }

    [Theory]
    [OnEachDatabase]
    public async Task Named_members_are_overwritten_and_others_stay(TestDatabase database)
    {
        await using var node = await StartAsync(database);
        await node.MustDeclareAsync(
            """
            {
              "clients": [{ "client_id": "shop", "client_secret": "first", "client_name": "Shop", "redirect_uris": ["https://shop.example/a"], "tos_uri": "https://shop.example/tos" }],
              "scopes": [{ "name": "orders", "description": "See orders", "claims": ["birthdate"] }],
              "users": [{ "username": "alice", "name": "Alice", "nickname": "Ali" }]
            }
            """);
        var secret = (await node.FindClientAsync("shop"))!.ClientSecret;

        var applied = await node.MustDeclareAsync(
            """
            {
              "clients": [{ "client_id": "shop", "redirect_uris": ["https://shop.example/b"], "tos_uri": null }],
              "scopes": [{ "name": "orders", "claims": null }],
              "users": [{ "username": "alice", "name": "Alice Example" }]
            }
            """);

        Assert.Equal(3, applied.Changed);
        var shop = (await node.FindClientAsync("shop"))!;
        var metadata = ClientMetadata.FromJson(shop.Metadata);
        Assert.Equal(("Shop", "https://shop.example/b", null), (metadata.ClientName, metadata.RedirectUris.Single(), metadata.TosUri));
        Assert.Equal("""["https://shop.example/b"]""", shop.RedirectUris);
        Assert.Equal(secret, shop.ClientSecret);
        var orders = (await ScopesOf(node)).Scopes["orders"];
        Assert.Equal("See orders", orders.Description);
        Assert.Empty(orders.Claims);
        var profile = (await node.FindUserAsync("alice"))!.Profile;
        Assert.Equal(("Alice Example", "Ali"), (profile.Name, profile.Nickname));
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_password_is_set_only_when_the_person_is_made(TestDatabase database)
    {
        await using var node = await StartAsync(database);
        await node.MustDeclareAsync("""{ "users": [{ "username": "alice", "password": "the-first-password" }] }""");
        var hash = (await node.FindUserAsync("alice"))!.PasswordHash;

        var applied = await node.MustDeclareAsync("""{ "users": [{ "username": "alice", "password": "another-password" }] }""");

        Assert.Equal(1, applied.Unchanged);
        Assert.Equal(hash, (await node.FindUserAsync("alice"))!.PasswordHash);
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_declared_secret_is_replaced_by_the_next_and_comes_from_a_file_too(TestDatabase database)
    {
        await using var node = await StartAsync(database);
        await node.MustDeclareAsync("""{ "clients": [{ "client_id": "machine", "grant_types": ["client_credentials"], "client_secret": "first" }] }""");
        await File.WriteAllTextAsync(Path.Combine(node.Storage.ContentRoot, "machine.secret"), "second\n");

        await node.MustDeclareAsync("""{ "clients": [{ "client_id": "machine", "client_secret_file": "machine.secret" }] }""");

        Assert.True(ClientSecret.Matches("second", (await node.FindClientAsync("machine"))!.ClientSecret!));
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_client_that_becomes_public_gives_up_its_secret(TestDatabase database)
    {
        await using var node = await StartAsync(database);
        await node.MustDeclareAsync("""{ "clients": [{ "client_id": "shop", "client_secret": "first", "redirect_uris": ["https://shop.example/"] }] }""");

        await node.MustDeclareAsync("""{ "clients": [{ "client_id": "shop", "token_endpoint_auth_method": "none" }] }""");

        var shop = (await node.FindClientAsync("shop"))!;
        Assert.Null(shop.ClientSecret);
        Assert.Equal("public", shop.ClientType);
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_user_may_be_an_administrator_although_nobody_declared_the_role(TestDatabase database)
    {
        await using var node = await StartAsync(database);

        await node.MustDeclareAsync("""{ "users": [{ "username": "alice", "roles": ["administrator"] }] }""");

        Assert.Equal(1, await node.ReadAsync(db => db.UserRoles.CountAsync()));
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
        Assert.False((await ScopesOf(other)).Contains("orders"));

        await node.MustDeclareAsync(StandardDeclaration.Json);

        Assert.NotNull(await node.Services.GetRequiredService<ClientCatalog>().FindAsync("shop", CancellationToken.None));
        Assert.True((await ScopesOf(node)).Contains("orders"));
        Assert.True(await DeclarationSteps.WithinAsync(noticed, async () => await clients.FindAsync("shop", CancellationToken.None) is not null));
        Assert.True(await DeclarationSteps.WithinAsync(noticed, async () => (await ScopesOf(other)).Contains("orders")));
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

    [Fact]
    public async Task A_file_that_is_not_there_is_refused_in_a_sentence()
    {
        await using var node = await StartAsync(TestDatabase.Sqlite);
        await using var scope = node.Services.CreateAsyncScope();

        var outcome = await scope.ServiceProvider.GetRequiredService<DeclarationFile>()
            .ApplyAsync(Path.Combine(node.Storage.ContentRoot, "nowhere.json"), prune: false, CancellationToken.None);

        Assert.Contains("nowhere.json", Assert.Single(Assert.IsType<DeclarationOutcome.Refused>(outcome).Errors), StringComparison.Ordinal);
    }

    private static Task<ProviderHost> StartAsync(TestDatabase database) =>
        ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = Empty });

    private static async Task<ScopeSet> ScopesOf(ProviderHost node) =>
        await node.Services.GetRequiredService<ScopeCatalog>().GetAsync(CancellationToken.None);

    // What would show that something was written: versions of rows, of caches, and events.
    private static Task<string> SnapshotAsync(ProviderHost node) => node.ReadAsync(async db => string.Join('\n',
        (await db.Set<Client>().OrderBy(row => row.ClientId).Select(row => $"{row.ClientId} {row.ConcurrencyToken}").ToListAsync())
            .Concat(await db.Users.OrderBy(row => row.UserName).Select(row => $"{row.UserName} {row.ConcurrencyStamp}").ToListAsync())
            .Concat(await db.Set<ChangeStamp>().OrderBy(row => row.Name).Select(row => $"{row.Name} {row.Version}").ToListAsync())
            .Append($"{await db.Set<AuditEvent>().CountAsync()} events")));
}
