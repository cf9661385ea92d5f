using IdentityProvider.Keys;

namespace IdentityProvider.Clients;

/// <summary>What follows when a change of a client has been committed: this node's catalog at once, and the keys that the client asks for.</summary>
internal sealed class ClientAftermath(ClientCatalog catalog, RegisteredAlgorithms algorithms, KeyRotation keys)
{
    /// <summary>Not within a transaction: wrapping a key may write over another connection.</summary>
    public async Task ChangedAsync(CancellationToken cancellationToken)
    {
        catalog.Forget();
        await keys.EnsureAsync(await algorithms.ReadAsync(cancellationToken), cancellationToken);
    }

    public void Removed() => catalog.Forget();
}
