using System.Security.Claims;
using System.Text.Json;
using IdentityProvider.Data;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Claims;

/// <summary>
/// Puts into an id_token what the <c>claims</c> parameter asked for there (OpenID Connect Core §5.5), and, where no access token is issued with which
/// to ask userinfo, the claims of the scopes (§5.4). From the person's row, so that a refreshed id_token is not older than it looks.
/// </summary>
internal sealed class AddIdTokenClaims(UserRows users, ScopeCatalog scopes) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseSingletonHandler<AddIdTokenClaims>()
            .SetOrder(PrepareUserCodePrincipal.Descriptor.Order + 250)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context is not { Principal: { } principal, IdentityTokenPrincipal.Identity: ClaimsIdentity idToken })
        {
            return;
        }

        var names = PrincipalFactory.ListOf(principal, PrincipalFactory.IdTokenClaimsClaim);
        if (context.EndpointType == OpenIddictServerEndpointType.Authorization && context.Request.GetResponseTypes() is [ResponseTypes.IdToken])
        {
            names = [.. names.Union((await scopes.GetAsync(context.CancellationToken)).ClaimsOf(principal.GetScopes()), StringComparer.Ordinal)];
        }

        var subject = principal.GetClaim(ClaimNames.Subject);
        if (names.Count == 0
            || await users.FindAsync(subject, context.CancellationToken) is not { } person)
        {
            return;
        }

        foreach (var name in names)
        {
            switch (StandardClaims.Find(person, name)?.GetRawValue())
            {
                case string text:
                    idToken.SetClaim(name, text);
                    break;
                case bool flag:
                    idToken.SetClaim(name, flag);
                    break;
                case long number:
                    idToken.SetClaim(name, number);
                    break;
                case JsonElement members:
                    idToken.SetClaim(name, members);
                    break;
            }
        }
    }
}
