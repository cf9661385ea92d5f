namespace IdentityProvider.Clients;

/// <summary>What follows when a change of a client has been committed: this node's catalog at once, and the keys that the client asks for.</summary>
internal sealed class ClientAftermath(ClientCatalog catalog, RegisteredAlgorithms algorithms)
{
    public Task ChangedAsync(CancellationToken cancellationToken)
    {
        catalog.Forget();
        return algorithms.EnsureKeysAsync(cancellationToken);
    }

    public void Removed() => catalog.Forget();
}
