using System.Runtime.CompilerServices;
using IdentityProvider.Data;
using OpenIddict.Abstractions;

namespace IdentityProvider.Clients;

/// <summary>Gives the library its clients from <see cref="ClientCatalog"/>. Its own cache lives for one request only.</summary>
internal sealed class ClientCache(ClientCatalog catalog) : IOpenIddictApplicationCache<Client>
{
    public async ValueTask<Client?> FindByClientIdAsync(string identifier, CancellationToken cancellationToken) =>
        (await catalog.FindAsync(identifier, cancellationToken))?.Entity;

    public async ValueTask<Client?> FindByIdAsync(string identifier, CancellationToken cancellationToken) =>
        Guid.TryParse(identifier, out var id) ? (await catalog.FindByRowAsync(id, cancellationToken))?.Entity : null;

    public async IAsyncEnumerable<Client> FindByRedirectUriAsync(
        string uri, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var addresses = await catalog.AddressesAsync(cancellationToken);
        await foreach (var client in FindAllAsync(addresses.ByRedirectUri.GetValueOrDefault(uri, []), cancellationToken))
        {
            yield return client;
        }
    }

    public async IAsyncEnumerable<Client> FindByPostLogoutRedirectUriAsync(
        string uri, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var addresses = await catalog.AddressesAsync(cancellationToken);
        await foreach (var client in FindAllAsync(addresses.ByPostLogoutRedirectUri.GetValueOrDefault(uri, []), cancellationToken))
        {
            yield return client;
        }
    }

    // The library calls these two when it has changed a client itself.
    public ValueTask AddAsync(Client application, CancellationToken cancellationToken) => ForgetAsync();

    public ValueTask RemoveAsync(Client application, CancellationToken cancellationToken) => ForgetAsync();

    private ValueTask ForgetAsync()
    {
        catalog.Forget();
        return ValueTask.CompletedTask;
    }

    private async IAsyncEnumerable<Client> FindAllAsync(
        string[] clientIds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var clientId in clientIds)
        {
            if (await catalog.FindAsync(clientId, cancellationToken) is { } client)
            {
                yield return client.Entity;
            }
        }
    }
}
