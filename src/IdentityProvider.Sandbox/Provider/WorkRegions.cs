using IdentityProvider.Extensibility;
using IdentityProvider.Sandbox.Api.Readers;

namespace IdentityProvider.Sandbox.Provider;

/// <summary>
/// Tells the sample API where a person works, as docs/extending.md shows: a claim of one's own, in access tokens for that API and under the
/// scope that needs it. A real one would ask whoever keeps such facts.
/// </summary>
internal sealed class WorkRegions(string api) : IClaimsContributor
{
    private static readonly Dictionary<string, string> regions = new(StringComparer.Ordinal)
    {
        ["anna"] = "EU",
        ["erik"] = "EU",
        ["emil"] = "EU",
        ["carla"] = "US",
    };

    public ValueTask<IReadOnlyCollection<ContributedClaim>> ContributeAsync(ClaimsContext context, CancellationToken cancellationToken) => new(
        context is { Target: ClaimsTarget.AccessToken, SubjectKind: SubjectKind.Person, Audiences: [var audience] }
        && audience == api
        && context.Scopes.Contains(ReaderEndpoints.Scope)
        && regions.TryGetValue(context.Subject, out var region)
            ? [new ContributedClaim(ReaderExport.RegionClaim, region)]
            : []);
}
