using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.TokenExchange;

/// <summary>What the new token is good for: never more than the subject token, never more than the client (RFC 8693 §2.1, §5). Pure.</summary>
internal sealed record ExchangedAccess(IReadOnlyList<string> Scopes, IReadOnlyList<string> Resources)
{
    /// <param name="granted">The scopes of the subject token.</param>
    /// <param name="audiences">The audiences of the subject token.</param>
    /// <returns>The access, or why there is none.</returns>
    public static (ExchangedAccess? Access, ExchangeRefusal? Refusal) Of(
        OpenIddictRequest request, IReadOnlyCollection<string> granted, IReadOnlyCollection<string> audiences, RegisteredClient client, ScopeSet known, string issuer)
    {
        // A subject token is exchanged for an access token; nothing of it outlives the session (OpenID Connect Core §11).
        var shared = granted.Where(scope => scope != KnownScopes.OfflineAccess && client.Scopes.Contains(scope)).Distinct(StringComparer.Ordinal).ToList();
        var requested = request.GetScopes().Distinct(StringComparer.Ordinal).ToList();
        if (requested.Find(scope => !shared.Contains(scope)) is { } wider)
        {
            return (null, new(Errors.InvalidScope, granted.Contains(wider) ? "scope.not_allowed" : "scope.not_granted",
                "A requested scope is not one that the subject token has and this client may ask for.", Difference.NotAmong(Parameters.Scope, wider, shared)));
        }

        var scopes = requested.Count > 0 ? requested : shared;
        if (scopes.Count == 0)
        {
            return (null, new(Errors.InvalidScope, "scope.none_left", "The subject token has no scope that this client may ask for.",
                Difference.NotAmong(Parameters.Scope, string.Join(' ', granted), client.Scopes)));
        }

        var reachable = known.ResourcesOf(scopes);
        var named = request.GetResources().Concat(request.GetAudiences()).Distinct(StringComparer.Ordinal).ToList();
        if (named.Find(resource => !reachable.Contains(resource)) is { } closed)
        {
            return (null, new(Errors.InvalidTarget, "resource.not_allowed", "A requested resource does not exist or none of the token's scopes belongs to it.",
                Difference.NotAmong(Parameters.Resource, closed, reachable)));
        }

        // RFC 8707 §2.2: a scope that means something only to other resources is not in the token.
        List<string> resources = named.Count > 0 ? named : [.. reachable.Where(audiences.Contains)];
        return (new(resources.Count > 0 ? known.WithinResources(scopes, resources) : scopes, resources.Count > 0 ? resources : [issuer]), null);
    }
}
