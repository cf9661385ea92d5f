using System.Text.Json.Nodes;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Declarations;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using OpenIddict.Core;

namespace IdentityProvider.IntegrationTests.Clients;

public sealed class ClientRegistryTests(SharedProviders providers)
{
    private static readonly ClientMetadata app = new()
    {
        ClientName = "An app", RedirectUris = ["https://an-app.example/cb"], Scope = "openid profile", TokenEndpointAuthMethod = "none",
        GrantTypes = ["authorization_code", "refresh_token"],
    };

    [Theory]
    [OnEachDatabase]
    public async Task A_client_is_registered_changed_and_removed_and_requests_see_it_at_once(TestDatabase database)
    {
        var node = await providers.OnAsync(database);
        var catalog = node.Services.GetRequiredService<ClientCatalog>();
        var clientId = NewId();
        Assert.Null(await catalog.FindAsync(clientId, CancellationToken.None));

        Assert.IsType<ClientChange.Created>(await ChangeAsync(node, registry => registry.CreateAsync(clientId, app, null, CancellationToken.None)));
        var created = await catalog.FindAsync(clientId, CancellationToken.None);
        Assert.Equal(["openid", "profile"], created!.Scopes.Order());
        Assert.Equal(["https://an-app.example"], created.RedirectOrigins);

        Assert.IsType<ClientChange.Updated>(await ChangeAsync(node, registry => registry.UpdateAsync(
            new ClientDraft(clientId, new JsonObject { ["client_name"] = "A new name" }), CancellationToken.None)));
        Assert.Equal("A new name", (await catalog.FindAsync(clientId, CancellationToken.None))!.DisplayName);

        Assert.IsType<ClientChange.Unchanged>(await ChangeAsync(node, registry => registry.UpdateAsync(
            new ClientDraft(clientId, new JsonObject { ["client_name"] = "A new name" }), CancellationToken.None)));

        Assert.True(await ChangeAsync(node, registry => registry.DeleteAsync(clientId, CancellationToken.None)));
        Assert.Null(await catalog.FindAsync(clientId, CancellationToken.None));
        Assert.False(await ChangeAsync(node, registry => registry.DeleteAsync(clientId, CancellationToken.None)));
    }

    [Theory]
    [OnEachDatabase]
    public async Task Of_many_who_register_one_identifier_one_gets_it(TestDatabase database)
    {
        var node = await providers.OnAsync(database);
        var clientId = NewId();

        var changes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() =>
            ChangeAsync(node, registry => registry.CreateAsync(clientId, app, null, CancellationToken.None)))));

        Assert.Single(changes.OfType<ClientChange.Created>());
        Assert.Equal(5, changes.OfType<ClientChange.Taken>().Count());
    }

    [Theory]
    [OnEachDatabase]
    public async Task Changes_to_different_members_at_the_same_time_are_all_kept(TestDatabase database)
    {
        var node = await providers.OnAsync(database);
        var clientId = NewId();
        await ChangeAsync(node, registry => registry.CreateAsync(clientId, app, null, CancellationToken.None));
        JsonObject[] overlays =
        [
            new() { ["client_name"] = "Changed" }, new() { ["scope"] = "openid" },
            new() { ["tos_uri"] = "https://an-app.example/tos" }, new() { ["first_party"] = true },
        ];

        await Task.WhenAll(overlays.Select(overlay => Task.Run(() =>
            ChangeAsync(node, registry => registry.UpdateAsync(new ClientDraft(clientId, overlay), CancellationToken.None)))));

        var metadata = ClientMetadata.FromJson((await node.FindClientAsync(clientId))!.Metadata);
        Assert.Equal(("Changed", "openid", "https://an-app.example/tos", true),
            (metadata.ClientName, metadata.Scope, metadata.TosUri, metadata.IsFirstParty));
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_wrong_registration_is_refused_and_an_unknown_client_is_not_changed(TestDatabase database)
    {
        var node = await providers.OnAsync(database);
        var clientId = NewId();

        var invalid = await ChangeAsync(node, registry => registry.CreateAsync(
            clientId, app with { RedirectUris = ["https://an-app.example/#"] }, null, CancellationToken.None));

        Assert.Equal("redirect_uris[0]", Assert.Single(Assert.IsType<ClientChange.Invalid>(invalid).Problems).Path);
        Assert.Null(await node.FindClientAsync(clientId));
        Assert.IsType<ClientChange.Unknown>(await ChangeAsync(node, registry =>
            registry.UpdateAsync(new ClientDraft(clientId, []), CancellationToken.None)));
    }

    [Theory]
    [OnEachDatabase]
    public async Task The_library_sees_what_was_registered(TestDatabase database)
    {
        var node = await providers.OnAsync(database);
        var (clientId, secret) = (NewId(), ClientSecret.Generate());
        var uri = $"https://{clientId}.example/bye";
        await ChangeAsync(node, registry => registry.CreateAsync(
            clientId, app with { TokenEndpointAuthMethod = "client_secret_basic", PostLogoutRedirectUris = [uri] }, secret, CancellationToken.None));

        await using var scope = node.Services.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<OpenIddictApplicationManager<Client>>();
        var client = (await manager.FindByClientIdAsync(clientId))!;

        Assert.True(await manager.ValidateClientSecretAsync(client, secret));
        Assert.False(await manager.ValidateClientSecretAsync(client, secret + "x"));
        Assert.True(await manager.ValidateRedirectUriAsync(client, "https://an-app.example/cb"));
        Assert.False(await manager.ValidateRedirectUriAsync(client, "https://an-app.example/cb/"));
        Assert.True(await manager.HasRequirementAsync(client, OpenIddictConstants.Requirements.Features.ProofKeyForCodeExchange));
        Assert.Equal(client.Id, (await manager.FindByIdAsync(client.Id.ToString()))?.Id);
        Assert.Equal(clientId, (await manager.FindByPostLogoutRedirectUriAsync(uri).SingleAsync()).ClientId);
    }

    [Fact] // RFC 8252 §7.3
    public async Task A_native_client_may_use_any_port_of_its_loopback_address()
    {
        var node = await providers.OnAsync(TestDatabase.Sqlite);
        var clientId = NewId();
        await ChangeAsync(node, registry => registry.CreateAsync(
            clientId, app with { ApplicationType = "native", RedirectUris = ["http://127.0.0.1/cb"] }, null, CancellationToken.None));

        await using var scope = node.Services.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<OpenIddictApplicationManager<Client>>();
        var client = (await manager.FindByClientIdAsync(clientId))!;

        Assert.True(await manager.ValidateRedirectUriAsync(client, "http://127.0.0.1:49152/cb"));
        Assert.False(await manager.ValidateRedirectUriAsync(client, "http://127.0.0.1:49152/other"));
        Assert.False(await manager.ValidateRedirectUriAsync(client, "http://127.0.0.2:49152/cb"));
    }

    private static string NewId() => "client-" + Wire.RandomText(9).ToLowerInvariant().Replace('_', '-');

    private static async Task<T> ChangeAsync<T>(ProviderHost node, Func<ClientRegistry, Task<T>> change)
    {
        await using var scope = node.Services.CreateAsyncScope();
        return await change(scope.ServiceProvider.GetRequiredService<ClientRegistry>());
    }
}
