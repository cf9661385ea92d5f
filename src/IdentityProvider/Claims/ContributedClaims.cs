using System.Text.Json;
using IdentityProvider.Extensibility;
using Microsoft.AspNetCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Server;

namespace IdentityProvider.Claims;

/// <summary>Asks whoever the host registered for claims of its own. Where nobody is registered nothing is made and nobody asked.</summary>
internal sealed class ContributedClaims(IServiceProviderIsService registrations, TimeProvider clock)
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(2);

    public bool AreThere { get; } = registrations.IsService(typeof(IClaimsContributor));

    /// <summary>The claims to add, each name once.</summary>
    /// <exception cref="ReservedClaimException">One is reserved.</exception>
    /// <exception cref="InvalidOperationException">It took too long.</exception>
    public async ValueTask<IReadOnlyList<ContributedClaim>> CollectAsync(
        OpenIddictServerTransaction transaction, ClaimsContext context, CancellationToken cancellationToken)
    {
        if (!AreThere)
        {
            return [];
        }

        var contributors = transaction.GetHttpRequest()!.HttpContext.RequestServices.GetServices<IClaimsContributor>();
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Not on this thread: one that blocks would hold it longer than anybody waits.
        var asked = Task.Run(() => AskAsync(contributors, context, waiting.Token), CancellationToken.None);
        try
        {
            return await asked.WaitAsync(patience, clock, cancellationToken);
        }
        catch (TimeoutException exception) when (!asked.IsCompleted)
        {
            await waiting.CancelAsync();
            throw new InvalidOperationException($"The contributors of claims took longer than {patience.TotalSeconds} seconds.", exception);
        }
    }

    private static async Task<IReadOnlyList<ContributedClaim>> AskAsync(
        IEnumerable<IClaimsContributor> contributors, ClaimsContext context, CancellationToken cancellationToken)
    {
        var claims = new Dictionary<string, ContributedClaim>(StringComparer.Ordinal);
        foreach (var contributor in contributors)
        {
            foreach (var claim in await contributor.ContributeAsync(context, cancellationToken))
            {
                ReservedClaims.Refuse(claim, contributor);
                if (claim.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
                {
                    claims.TryAdd(claim.Name, claim);
                }
            }
        }

        return [.. claims.Values];
    }
}
