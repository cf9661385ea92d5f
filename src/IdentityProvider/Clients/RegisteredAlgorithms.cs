using IdentityProvider.Data;
using IdentityProvider.Keys;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Clients;

/// <summary>
/// Sees to it that every algorithm that a client or a resource registered has a key, so that the key is published before it signs.
/// </summary>
internal sealed class RegisteredAlgorithms(AppDbContext db, KeyRotation keys)
{
    // Only registrations that name an algorithm are read: all others get RS256, which always has a key.
    private const string MemberName = "_signed_response_alg";

    /// <summary>Makes the missing keys. Not within a transaction: wrapping a key may write over another connection.</summary>
    public async Task EnsureKeysAsync(CancellationToken cancellationToken)
    {
        var clients = await db.Set<Client>().Where(client => client.Metadata.Contains(MemberName))
            .Select(client => client.Metadata).ToListAsync(cancellationToken);
        var resources = await db.Set<ApiResource>().Select(resource => resource.AccessTokenSignedResponseAlg).Distinct().ToListAsync(cancellationToken);
        await keys.EnsureAsync(resources.Concat(clients.SelectMany(text => ClientMetadata.FromJson(text).ResponseAlgorithms)), cancellationToken);
    }
}
