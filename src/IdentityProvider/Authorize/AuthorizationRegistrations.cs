using IdentityProvider.Clients;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;

namespace IdentityProvider.Authorize;

/// <summary>Reads a request against what is registered: its client, its scopes, their resources.</summary>
internal sealed class AuthorizationRegistrations(ClientCatalog clients, ScopeCatalog scopes, Issuer issuer)
{
    /// <exception cref="InvalidOperationException">The client vanished since the request was validated.</exception>
    public async Task<(RegisteredClient Client, RequestedAccess Access)> ReadAsync(OpenIddictRequest request, CancellationToken cancellationToken)
    {
        var client = await clients.FindAsync(request.ClientId!, cancellationToken)
            ?? throw new InvalidOperationException("The client was removed while its request was being answered.");
        return (client, RequestedAccess.Of(request, await scopes.GetAsync(cancellationToken), issuer));
    }
}
