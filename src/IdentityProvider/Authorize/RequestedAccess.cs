using IdentityProvider.Claims;
using IdentityProvider.Consents;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;

namespace IdentityProvider.Authorize;

/// <summary>What a valid authorization request asks for.</summary>
/// <param name="Scopes">The scopes, in the order of the request; without those that only mean something to resources it does not name (RFC 8707 §2.2).</param>
/// <param name="Resources">The audiences of its access tokens: the resources behind the scopes, or the issuer when there is none.</param>
internal sealed record RequestedAccess(IReadOnlyList<string> Scopes, IReadOnlyList<string> Resources)
{
    /// <summary>What the <c>claims</c> parameter asks for.</summary>
    public RequestedClaims Claims { get; init; } = RequestedClaims.None;

    /// <summary>Those of these claims that no asked scope releases anyway: what a person must be asked about by name.</summary>
    public IReadOnlyList<string> ClaimsBeyondScopes { get; init; } = [];

    public static RequestedAccess Of(OpenIddictRequest request, ScopeSet known, Issuer issuer)
    {
        var scopes = request.GetScopes().Distinct(StringComparer.Ordinal).ToList();
        var resources = known.ResourcesOf(scopes);
        if (request.GetResources() is { Length: > 0 } wanted)
        {
            resources = [.. wanted.Where(resources.Contains).Distinct(StringComparer.Ordinal)];
            scopes = [.. known.WithinResources(scopes, resources)];
        }

        // Without openid there is neither an id_token nor userinfo to put claims into.
        var claims = scopes.Contains(KnownScopes.OpenId) ? ClaimsOf(request) : RequestedClaims.None;
        return new RequestedAccess(scopes, resources.Count > 0 ? resources : [issuer.Value])
        {
            Claims = claims,
            ClaimsBeyondScopes = [.. claims.Names.Except(known.ClaimsOf(scopes), StringComparer.Ordinal)],
        };
    }

    /// <summary>Whether a person has allowed all of this.</summary>
    public bool IsCoveredBy(ConsentRecord consent) => consent.Covers(Scopes) && consent.CoversClaims(ClaimsBeyondScopes);

    // It was validated; what cannot be read never comes here.
    private static RequestedClaims ClaimsOf(OpenIddictRequest request) =>
        RequestedClaims.Parse((string?)request[OpenIddictConstants.Parameters.Claims])
        ?? throw new InvalidOperationException("The claims parameter was not validated.");
}
