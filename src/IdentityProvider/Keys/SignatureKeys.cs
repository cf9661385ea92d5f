using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.Keys;

/// <summary>The keys that sign, for whoever signs. An algorithm that has no key yet gets one here, if nobody made it when it was registered.</summary>
internal sealed class SignatureKeys(KeyRing ring, IServiceScopeFactory scopes)
{
    /// <summary>The key that signs with this algorithm now.</summary>
    /// <param name="algorithm">One of <see cref="Protocol.SignatureAlgorithms.All"/>.</param>
    public async ValueTask<SigningCredentials> GetAsync(string algorithm, CancellationToken cancellationToken) =>
        ring.Find(algorithm) ?? await MakeAsync(algorithm, cancellationToken);

    private async Task<SigningCredentials> MakeAsync(string algorithm, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<KeyRotation>().EnsureAsync([algorithm], cancellationToken);
        // Another node may have made it, of which this one has not heard yet.
        ring.Forget();
        await ring.RefreshAsync(cancellationToken);
        return ring.Find(algorithm) ?? throw new InvalidOperationException($"There is no key for {algorithm}, which is no algorithm of this server.");
    }
}
