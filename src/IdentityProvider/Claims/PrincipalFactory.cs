using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Nodes;
using IdentityProvider.Data;
using OpenIddict.Abstractions;

namespace IdentityProvider.Claims;

/// <summary>The only maker of principals: whatever can end up in a token or in <c>HttpContext.User</c> begins here.</summary>
internal static class PrincipalFactory
{
    private const string TokenScheme = "IdentityProvider.Token";

    /// <summary>The <c>sid</c> of a session (OpenID Connect Back-Channel Logout §2.1).</summary>
    public const string SessionIdClaim = "sid";

    // Private claims: they travel inside codes and refresh tokens, which only we read.

    /// <summary>The names of the claims asked for in the id_token.</summary>
    public const string IdTokenClaimsClaim = "oi_idp_id_token_claims";

    /// <summary>The subject by which the client's sector knows the person.</summary>
    public const string SectorSubjectClaim = GrantManager.SectorSubjectClaim;

    /// <summary>A person, as their own pages see them.</summary>
    public static ClaimsPrincipal ForSession(string subject, string sid, string displayName, string scheme)
    {
        var identity = new ClaimsIdentity(scheme, ClaimNames.Name, ClaimNames.Role);
        identity.AddClaim(new Claim(ClaimNames.Subject, subject));
        identity.AddClaim(new Claim(SessionIdClaim, sid));
        identity.AddClaim(new Claim(ClaimNames.Name, displayName));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>What a grant to a client carries about the person who gave it.</summary>
    public static ClaimsPrincipal ForPerson(PersonGrant grant)
    {
        var identity = NewIdentity(grant.Subject);
        identity.SetClaim(SessionIdClaim, grant.Sid);
        identity.SetClaim(ClaimNames.AuthenticationContextReference, grant.Acr);
        identity.SetClaims(ClaimNames.AuthenticationMethodReference, [.. grant.Methods]);
        identity.AddClaim(new Claim(
            ClaimNames.AuthenticationTime,
            new DateTimeOffset(grant.AuthenticatedAt).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ClaimValueTypes.Integer64));
        SetList(identity, GrantManager.UserInfoClaimsClaim, grant.UserInfoClaims);
        SetList(identity, IdTokenClaimsClaim, grant.IdTokenClaims);
        return Complete(identity, grant.Scopes, grant.Resources);
    }

    /// <summary>A client acting for itself (RFC 6749 §4.4). Its subject is its own identifier (RFC 9068 §2.2).</summary>
    public static ClaimsPrincipal ForClient(string clientId, IReadOnlyCollection<string> scopes, IReadOnlyCollection<string> resources) =>
        Complete(NewIdentity(clientId), scopes, resources);

    /// <summary>
    /// The subject of another token, for another client (RFC 8693 §2.2.1): who they are, how and when they signed in, and the grant stay the same.
    /// </summary>
    /// <param name="act">Who acts, and who did before (§4.1); null when nobody is seen to.</param>
    public static ClaimsPrincipal ForExchange(
        ClaimsPrincipal subject, JsonObject? act, IReadOnlyCollection<string> scopes, IReadOnlyCollection<string> resources, string clientId)
    {
        var identity = NewIdentity(subject.GetClaim(ClaimNames.Subject)!);
        identity.SetClaim(ClaimNames.AuthenticationContextReference, subject.GetClaim(ClaimNames.AuthenticationContextReference));
        identity.SetClaims(ClaimNames.AuthenticationMethodReference, subject.GetClaims(ClaimNames.AuthenticationMethodReference));
        if (subject.GetClaim(ClaimNames.AuthenticationTime) is { } authenticatedAt)
        {
            identity.AddClaim(new Claim(ClaimNames.AuthenticationTime, authenticatedAt, ClaimValueTypes.Integer64));
        }

        foreach (var (name, value) in new[] { (ActorClaim.Act, act), (ActorClaim.MayAct, ActorClaim.Read(subject, ActorClaim.MayAct)) })
        {
            if (value is not null)
            {
                identity.SetClaim(name, value);
            }
        }

        return Complete(identity, scopes, resources)
            .SetPresenters(clientId)
            .SetAuthorizationId(subject.GetAuthorizationId());
    }

    /// <summary>What a code or a refresh token said when it was stored.</summary>
    public static ClaimsPrincipal ForStoredToken(IReadOnlyCollection<Claim> claims) =>
        new(new TokenIdentity(TokenScheme, claims));

    /// <summary>A list that is kept as one claim.</summary>
    public static IReadOnlyList<string> ListOf(ClaimsPrincipal principal, string claim) =>
        principal.GetClaim(claim)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static void SetList(ClaimsIdentity identity, string claim, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            identity.SetClaim(claim, string.Join(' ', values));
        }
    }

    private static TokenIdentity NewIdentity(string subject)
    {
        var identity = new TokenIdentity(TokenScheme, []);
        identity.SetClaim(ClaimNames.Subject, subject);
        return identity;
    }

    private static ClaimsPrincipal Complete(
        ClaimsIdentity identity, IReadOnlyCollection<string> scopes, IReadOnlyCollection<string> resources)
    {
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(scopes.ToImmutableArray());
        principal.SetResources(resources.ToImmutableArray());
        ClaimDestinations.Set(principal);
        return principal;
    }
}
