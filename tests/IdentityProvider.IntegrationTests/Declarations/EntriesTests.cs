using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Declarations;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Declarations;

public sealed class EntriesTests(EmptyProviders providers) : IClassFixture<EmptyProviders>
{
    [Theory]
    [OnEachDatabase]
    public async Task One_wrong_entry_and_nothing_is_applied(TestDatabase database)
    {
        var node = await providers.OnAsync(database);

        var errors = await node.MustRefuseAsync(
            """
            {
              "scopes": [{ "name": "never-orders" }],
              "clients": [{ "client_id": "never-shop", "grant_types": [], "client_secret": "secret" }],
              "roles": [{ "name": "never-clerk" }],
              "users": [{ "username": "never-alice", "name": "Alice" }, { "username": "never-bob", "email": "nobody" }]
            }
            """);

        Assert.StartsWith("users[1].email (never-bob): ", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Null(await node.FindClientAsync("never-shop"));
        Assert.Null(await node.FindUserAsync("never-alice"));
        Assert.False(await node.ReadAsync(db => db.Set<Scope>().AnyAsync(scope => scope.Name == "never-orders")));
        Assert.False(await node.ReadAsync(db => db.Roles.AnyAsync(role => role.Name == "never-clerk")));
    }

    [Theory]
    [OnEachDatabase]
    public async Task Everything_wrong_is_told_at_once_by_path_and_name(TestDatabase database)
    {
        var node = await providers.OnAsync(database);

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
        var node = await providers.OnAsync(database);
        await node.MustDeclareAsync(
            """
            {
              "clients": [{ "client_id": "named-shop", "client_secret": "first", "client_name": "Shop", "redirect_uris": ["https://shop.example/a"], "tos_uri": "https://shop.example/tos" }],
              "scopes": [{ "name": "named-orders", "description": "See orders", "claims": ["birthdate"] }],
              "users": [{ "username": "named-alice", "name": "Alice", "nickname": "Ali" }]
            }
            """);
        var secret = (await node.FindClientAsync("named-shop"))!.ClientSecret;

        var applied = await node.MustDeclareAsync(
            """
            {
              "clients": [{ "client_id": "named-shop", "redirect_uris": ["https://shop.example/b"], "tos_uri": null }],
              "scopes": [{ "name": "named-orders", "claims": null }],
              "users": [{ "username": "named-alice", "name": "Alice Example" }]
            }
            """);

        Assert.Equal(3, applied.Changed);
        var shop = (await node.FindClientAsync("named-shop"))!;
        var metadata = ClientMetadata.FromJson(shop.Metadata);
        Assert.Equal(("Shop", "https://shop.example/b", null), (metadata.ClientName, metadata.RedirectUris.Single(), metadata.TosUri));
        Assert.Equal("""["https://shop.example/b"]""", shop.RedirectUris);
        Assert.Equal(secret, shop.ClientSecret);
        var orders = (await node.ScopesAsync()).Scopes["named-orders"];
        Assert.Equal("See orders", orders.Description);
        Assert.Empty(orders.Claims);
        var profile = (await node.FindUserAsync("named-alice"))!.Profile;
        Assert.Equal(("Alice Example", "Ali"), (profile.Name, profile.Nickname));
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_password_is_set_only_when_the_person_is_made(TestDatabase database)
    {
        var node = await providers.OnAsync(database);
        await node.MustDeclareAsync("""{ "users": [{ "username": "keeps-alice", "password": "the-first-password" }] }""");
        var hash = (await node.FindUserAsync("keeps-alice"))!.PasswordHash;

        var applied = await node.MustDeclareAsync("""{ "users": [{ "username": "keeps-alice", "password": "another-password" }] }""");

        Assert.Equal(1, applied.Unchanged);
        Assert.Equal(hash, (await node.FindUserAsync("keeps-alice"))!.PasswordHash);
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_declared_secret_is_replaced_by_the_next_and_comes_from_a_file_too(TestDatabase database)
    {
        var node = await providers.OnAsync(database);
        await node.MustDeclareAsync("""{ "clients": [{ "client_id": "machine", "grant_types": ["client_credentials"], "client_secret": "first" }] }""");
        await File.WriteAllTextAsync(Path.Combine(node.Storage.ContentRoot, "machine.secret"), "second\n");

        await node.MustDeclareAsync("""{ "clients": [{ "client_id": "machine", "client_secret_file": "machine.secret" }] }""");

        Assert.True(ClientSecret.Matches("second", (await node.FindClientAsync("machine"))!.ClientSecret!));
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_client_that_becomes_public_gives_up_its_secret(TestDatabase database)
    {
        var node = await providers.OnAsync(database);
        await node.MustDeclareAsync("""{ "clients": [{ "client_id": "public-shop", "client_secret": "first", "redirect_uris": ["https://shop.example/"] }] }""");

        await node.MustDeclareAsync("""{ "clients": [{ "client_id": "public-shop", "token_endpoint_auth_method": "none" }] }""");

        var shop = (await node.FindClientAsync("public-shop"))!;
        Assert.Null(shop.ClientSecret);
        Assert.Equal("public", shop.ClientType);
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_user_may_be_an_administrator_although_nobody_declared_the_role(TestDatabase database)
    {
        var node = await providers.OnAsync(database);

        await node.MustDeclareAsync("""{ "users": [{ "username": "admin-alice", "roles": ["administrator"] }] }""");

        Assert.Equal(1, await node.ReadAsync(db => db.UserRoles.CountAsync()));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_refused_in_a_sentence()
    {
        var node = await providers.OnAsync(TestDatabase.Sqlite);
        await using var scope = node.Services.CreateAsyncScope();

        var outcome = await scope.ServiceProvider.GetRequiredService<DeclarationFile>()
            .ApplyAsync(Path.Combine(node.Storage.ContentRoot, "nowhere.json"), prune: false, CancellationToken.None);

        Assert.Contains("nowhere.json", Assert.Single(Assert.IsType<DeclarationOutcome.Refused>(outcome).Errors), StringComparison.Ordinal);
    }
}
