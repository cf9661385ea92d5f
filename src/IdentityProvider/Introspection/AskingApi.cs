using System.Security.Claims;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;
using OpenIddict.Server;

namespace IdentityProvider.Introspection;

/// <summary>Which of a token's APIs asks about it.</summary>
internal static class AskingApi
{
    /// <summary>
    /// The resource that names the caller. One that several of the token's resources name could not tell which is meant, and none is.
    /// </summary>
    public static string? Find(OpenIddictServerTransaction transaction, ClaimsPrincipal token, ScopeSet known)
    {
        if (!token.HasTokenType(OpenIddictConstants.TokenTypeIdentifiers.AccessToken) || transaction.AuthenticatedClient() is not { Length: > 0 } caller)
        {
            return null;
        }

        var naming = token.GetAudiences().Where(audience => known.Resources.TryGetValue(audience, out var resource) && resource.Clients.Contains(caller));
        return naming.ToList() is [var asking] ? asking : null;
    }
}
