using IdentityProvider.Clients;
using IdentityProvider.Consents;
using IdentityProvider.Data;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Declarations;

public sealed class PruneTests
{
    private const string Whole =
        """
        {
          "resources": [{ "identifier": "https://api.example" }],
          "scopes": [{ "name": "orders", "resources": ["https://api.example"] }],
          "clients": [{ "client_id": "shop", "grant_types": [], "client_secret": "secret" }, { "client_id": "stall", "grant_types": [], "client_secret": "secret" }],
          "roles": [{ "name": "clerk" }, { "name": "administrator" }],
          "users": [{ "username": "alice", "roles": ["clerk"] }, { "username": "bob" }]
        }
        """;

    private const string Part =
        """{ "clients": [{ "client_id": "stall" }], "users": [{ "username": "bob" }] }""";

    [Theory]
    [OnEachDatabase]
    public async Task What_vanished_from_the_file_stays_until_it_is_pruned(TestDatabase database)
    {
        await using var node = await StartAsync(database);
        await node.MustDeclareAsync(Whole);

        var applied = await node.MustDeclareAsync(Part);
        Assert.Equal(0, applied.Removed);
        Assert.NotNull(await node.FindClientAsync("shop"));

        var pruned = await node.MustDeclareAsync(Part, prune: true);
        Assert.Equal(5, pruned.Removed);
        Assert.Null(await node.FindClientAsync("shop"));
        Assert.NotNull(await node.FindClientAsync("stall"));
        Assert.Null(await node.FindUserAsync("alice"));
        Assert.NotNull(await node.FindUserAsync("bob"));
        Assert.Equal(0, await node.ReadAsync(db => db.Set<Scope>().CountAsync()) + await node.ReadAsync(db => db.Set<ApiResource>().CountAsync()));
        // The product relies on this role, declared or not.
        Assert.Equal([Role.Administrator], await node.ReadAsync(db => db.Roles.Select(role => role.Name).ToListAsync()));
        Assert.Null(await node.Services.GetRequiredService<ClientCatalog>().FindAsync("shop", CancellationToken.None));

        Assert.Equal(0, (await node.MustDeclareAsync(Part, prune: true)).Removed);
    }

    // Names of roles are compared without regard to case: one that a file writes otherwise was once pruned.
    [Theory]
    [OnEachDatabase]
    public async Task The_administrator_role_stays_however_it_was_written(TestDatabase database)
    {
        await using var node = await StartAsync(database);
        await node.MustDeclareAsync("""{ "roles": [{ "name": "Administrator" }] }""");

        await node.MustDeclareAsync("{}", prune: true);

        Assert.Equal(["ADMINISTRATOR"], await node.ReadAsync(db => db.Roles.Select(role => role.NormalizedName).ToListAsync()));
    }

    [Theory]
    [OnEachDatabase]
    public async Task What_was_made_by_hand_is_not_pruned_even_under_a_name_that_was_declared(TestDatabase database)
    {
        await using var node = await StartAsync(database);
        await node.MustDeclareAsync(Whole);
        await using (var scope = node.Services.CreateAsyncScope())
        {
            var registry = scope.ServiceProvider.GetRequiredService<ClientRegistry>();
            Assert.True(await registry.DeleteAsync("shop", CancellationToken.None));
            Assert.IsType<ClientChange.Created>(await registry.CreateAsync(
                "shop", new ClientMetadata { GrantTypes = ["client_credentials"] }, ClientSecret.Generate(), CancellationToken.None));
        }

        await node.MustDeclareAsync(Part, prune: true);

        Assert.NotNull(await node.FindClientAsync("shop"));
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_client_and_a_person_go_with_all_they_held(TestDatabase database)
    {
        await using var node = await StartAsync(database);
        await node.MustDeclareAsync(Whole);
        var (shop, stall) = (await node.FindClientAsync("shop"), await node.FindClientAsync("stall"));
        var (alice, bob) = (await node.FindUserAsync("alice"), await node.FindUserAsync("bob"));
        await node.ReadAsync(db =>
        {
            Hold(db, bob!, shop!);
            Hold(db, alice!, stall!);
            Hold(db, bob!, stall!);
            return db.SaveChangesAsync();
        });

        await node.MustDeclareAsync(Part, prune: true);

        Assert.Equal([$"{bob!.Subject} {stall!.Id}"], await node.ReadAsync(db =>
            db.Set<Grant>().Select(grant => $"{grant.Subject} {grant.ApplicationId}").ToListAsync()));
        Assert.Equal(1, await node.ReadAsync(db => db.Set<Token>().CountAsync()));
        Assert.Equal(["stall"], await node.ReadAsync(db => db.Set<Consent>().Select(consent => consent.ClientId).ToListAsync()));
    }

    private static void Hold(AppDbContext db, User user, Client client)
    {
        var grant = new Grant { Id = Guid.CreateVersion7(), ApplicationId = client.Id, Subject = user.Subject };
        db.Add(grant);
        db.Add(new Token { Id = Guid.CreateVersion7(), ApplicationId = client.Id, AuthorizationId = grant.Id, Subject = user.Subject });
        db.Add(new Consent { Id = Guid.CreateVersion7(), UserId = user.Id, ClientId = client.ClientId! });
    }

    private static Task<ProviderHost> StartAsync(TestDatabase database) =>
        ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = "{}" });
}
