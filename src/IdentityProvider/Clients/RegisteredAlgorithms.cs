using IdentityProvider.Data;
using IdentityProvider.Keys;
using IdentityProvider.Protocol;

namespace IdentityProvider.Clients;

/// <summary>
/// The algorithms that clients and resources registered. Each of them gets a key, so that the key is published before it signs.
/// </summary>
internal sealed class RegisteredAlgorithms(Statements statements, KeyRing ring)
{
    // Only registrations that name an algorithm are read: all others get RS256, which always has a key.
    private static readonly Statement clients = new("""SELECT "Metadata" FROM "Clients" WHERE "Metadata" LIKE '%_signed_response_alg%'""");
    private static readonly Statement resources = new("""SELECT DISTINCT "AccessTokenSignedResponseAlg" FROM "ApiResources" """);

    /// <summary>Those of what is committed.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken)
    {
        var registrations = await statements.ReadAllAsync(clients, static row => row.GetString(0), cancellationToken);
        var algorithms = await statements.ReadAllAsync(resources, static row => row.GetString(0), cancellationToken);
        return [.. algorithms.Concat(registrations.SelectMany(text => ClientMetadata.FromJson(text).ResponseAlgorithms))];
    }

    /// <summary>Whether this node knows a key for each that it can sign with.</summary>
    public async Task<bool> HaveKeysAsync(CancellationToken cancellationToken) =>
        SignatureAlgorithms.All.Intersect(await ReadAsync(cancellationToken)).All(algorithm => ring.Find(algorithm) is not null);
}
