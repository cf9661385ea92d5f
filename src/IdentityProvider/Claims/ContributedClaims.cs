using System.Text.Json;
using IdentityProvider.Extensibility;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Server;

namespace IdentityProvider.Claims;

/// <summary>
/// Claims beside those of the server itself: asks whoever the host registered, and adds what scopes and resources map. Where there is neither nothing is made
/// and nobody asked.
/// </summary>
internal sealed class ContributedClaims(IServiceProviderIsService registrations, MappedClaims mapped, TimeProvider clock)
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(2);

    private readonly bool hasContributors = registrations.IsService(typeof(IClaimsContributor));

    public ValueTask<bool> AreThereAsync(CancellationToken cancellationToken) => hasContributors ? new(true) : mapped.AreThereAsync(cancellationToken);

    /// <summary>The claims to add, each name once.</summary>
    /// <exception cref="ReservedClaimException">One is reserved.</exception>
    /// <exception cref="InvalidOperationException">It took too long.</exception>
    public async ValueTask<IReadOnlyList<ContributedClaim>> CollectAsync(
        OpenIddictServerTransaction transaction, ClaimsContext context, CancellationToken cancellationToken)
    {
        var claims = hasContributors ? await ContributeAsync(transaction, context, cancellationToken) : [];
        if (!await mapped.AreThereAsync(cancellationToken))
        {
            return claims;
        }

        var others = await mapped.CollectAsync(transaction, MappingOccasion.Of(context), cancellationToken);
        // The host's code knows more of the case than a row does.
        return others.Count == 0 ? claims : [.. claims, .. others.ExceptBy(claims.Select(claim => claim.Name), claim => claim.Name, StringComparer.Ordinal)];
    }

    private async ValueTask<IReadOnlyList<ContributedClaim>> ContributeAsync(
        OpenIddictServerTransaction transaction, ClaimsContext context, CancellationToken cancellationToken)
    {
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
                ReservedClaims.Refuse(claim, contributor.GetType().FullName!);
                if (claim.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
                {
                    claims.TryAdd(claim.Name, claim);
                }
            }
        }

        return [.. claims.Values];
    }
}
