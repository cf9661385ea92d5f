using IdentityProvider.Clients;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;

namespace IdentityProvider.TokenExchange;

/// <summary>What is registered of the parties of an exchange.</summary>
internal sealed class ExchangeRegistrations(ClientCatalog clients, ScopeCatalog scopes, Issuer issuer)
{
    public string IssuerValue => issuer.Value;

    /// <exception cref="InvalidOperationException">The client vanished since the request was validated.</exception>
    public async Task<(RegisteredClient Client, ScopeSet Known)> ReadAsync(string clientId, CancellationToken cancellationToken)
    {
        var client = await clients.FindAsync(clientId, cancellationToken)
            ?? throw new InvalidOperationException("The client was removed while its request was being answered.");
        return (client, await scopes.GetAsync(cancellationToken));
    }

    public async Task<bool> ExistsAsync(string clientId, CancellationToken cancellationToken) =>
        await clients.FindAsync(clientId, cancellationToken) is not null;
}
