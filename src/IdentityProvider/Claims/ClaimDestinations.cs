using System.Security.Claims;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Claims;

/// <summary>The only place that decides which claim goes into which token.</summary>
internal static class ClaimDestinations
{
    // As the library keeps them with a claim: its own method writes this text anew for each claim of each request.
    private const string Both = $"""["{Destinations.AccessToken}","{Destinations.IdentityToken}"]""";
    private const string AccessTokenOnly = $"""["{Destinations.AccessToken}"]""";
    private const string IdentityTokenOnly = $"""["{Destinations.IdentityToken}"]""";

    public static void Set(ClaimsPrincipal principal)
    {
        foreach (var claim in principal.Claims)
        {
            if (Of(claim.Type) is { } destinations)
            {
                claim.Properties[Properties.Destinations] = destinations;
            }
            // To look at the properties of a claim makes a dictionary of them, which each copy of the claim copies. The library's own claims have none.
            else if (!claim.Type.StartsWith(ClaimNames.Prefixes.Private, StringComparison.Ordinal))
            {
                claim.Properties.Remove(Properties.Destinations);
            }
        }
    }

    private static string? Of(string claim) => claim switch
    {
        ClaimNames.Subject => Both,
        // RFC 9068 §2.2.1: an API may ask how fresh and how strong the sign-in was.
        ClaimNames.AuthenticationTime or ClaimNames.AuthenticationContextReference or ClaimNames.AuthenticationMethodReference => Both,
        // The session is between the person, the client and us; an API has no use for its id.
        PrincipalFactory.SessionIdClaim => IdentityTokenOnly,
        // RFC 8693 §4.1: an API that is called by somebody for somebody else must see both.
        ActorClaim.Act or ActorClaim.MayAct => AccessTokenOnly,
        _ => null,
    };
}
