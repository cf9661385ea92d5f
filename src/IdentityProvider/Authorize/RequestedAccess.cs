using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;

namespace IdentityProvider.Authorize;

/// <summary>What a valid authorization request asks for.</summary>
/// <param name="Scopes">The scopes, in the order of the request; without those that only mean something to resources it does not name (RFC 8707 §2.2).</param>
/// <param name="Resources">The audiences of its access tokens: the resources behind the scopes, or the issuer when there is none.</param>
internal sealed record RequestedAccess(IReadOnlyList<string> Scopes, IReadOnlyList<string> Resources)
{
    public static RequestedAccess Of(OpenIddictRequest request, ScopeSet known, Issuer issuer)
    {
        var scopes = request.GetScopes().Distinct(StringComparer.Ordinal).ToList();
        var resources = known.ResourcesOf(scopes);
        if (request.GetResources() is { Length: > 0 } wanted)
        {
            resources = [.. wanted.Where(resources.Contains).Distinct(StringComparer.Ordinal)];
            scopes = [.. known.WithinResources(scopes, resources)];
        }

        return new RequestedAccess(scopes, resources.Count > 0 ? resources : [issuer.Value]);
    }
}
