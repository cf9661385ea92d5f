using IdentityProvider.Data;
using IdentityProvider.Jobs;

namespace IdentityProvider.ClientAuthentication;

/// <summary>Removes proofs that would be refused for their age.</summary>
internal sealed class PruneUsedProofs : PruningJob
{
    // The clocks of two nodes may differ a little: none may take for new what another one forgot.
    private static readonly TimeSpan afterExpiry = TimeSpan.FromMinutes(5);

    private static readonly OutdatedRows proofs = new("UsedProofs", key: "Hash", time: "ExpiresAt");

    public override string Name => "client-authentication.prune-used-proofs";

    protected override IEnumerable<Outdated> OutdatedAt(DateTime now) => [new(proofs, now - afterExpiry)];
}
