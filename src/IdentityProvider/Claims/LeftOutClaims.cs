using IdentityProvider.Scopes;
using OpenIddict.Server;

namespace IdentityProvider.Claims;

/// <summary>A mapped claim that a token does not have.</summary>
/// <param name="Reason">Why, to be read after "because".</param>
internal sealed record LeftOutClaim(string Claim, MappingTargets Target, string Reason);

/// <summary>The mapped claims that the tokens of a request do not have, for whoever looks at them beforehand.</summary>
internal static class LeftOutClaims
{
    private static readonly string property = typeof(LeftOutClaims).FullName!;

    public static List<LeftOutClaim> Of(OpenIddictServerTransaction transaction)
    {
        if (transaction.GetProperty<List<LeftOutClaim>>(property) is not { } claims)
        {
            transaction.SetProperty(property, claims = []);
        }

        return claims;
    }
}
