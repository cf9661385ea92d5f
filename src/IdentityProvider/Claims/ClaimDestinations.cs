using System.Security.Claims;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Claims;

/// <summary>The only place that decides which claim goes into which token.</summary>
internal static class ClaimDestinations
{
    private static readonly string[] Both = [Destinations.AccessToken, Destinations.IdentityToken];
    private static readonly string[] AccessTokenOnly = [Destinations.AccessToken];
    private static readonly string[] IdentityTokenOnly = [Destinations.IdentityToken];
    private static readonly string[] None = [];

    public static void Set(ClaimsPrincipal principal) => principal.SetDestinations(static claim => claim.Type switch
    {
        ClaimNames.Subject => Both,
        // RFC 9068 §2.2.1: an API may ask how fresh and how strong the sign-in was.
        ClaimNames.AuthenticationTime or ClaimNames.AuthenticationContextReference or ClaimNames.AuthenticationMethodReference => Both,
        // The session is between the person, the client and us; an API has no use for its id.
        PrincipalFactory.SessionIdClaim => IdentityTokenOnly,
        // RFC 8693 §4.1: an API that is called by somebody for somebody else must see both.
        ActorClaim.Act or ActorClaim.MayAct => AccessTokenOnly,
        _ => None,
    });
}
