using System.Collections.Immutable;
using System.Security.Claims;
using IdentityProvider.Permissions;
using IdentityProvider.Protocol;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Administration;

/// <summary>
/// A token for the administration goes to who holds something there at this moment. Whoever does not gets the rest of what was asked for
/// (RFC 6749 §3.3): no app finds out by consent alone who administers this server, or keeps a token for the day that somebody does.
/// </summary>
internal sealed class IssueToAdministrators(AccessHolders holders, Issuer issuer) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseSingletonHandler<IssueToAdministrators>()
            // After the audiences are limited to what a request names, before what is granted there is told.
            .SetOrder(PrepareAccessTokenPrincipal.Descriptor.Order + 600)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context is not { Principal: { } principal, AccessTokenPrincipal: { } token }
            || !(token.HasScope(AdministrationResource.Scope) || token.HasAudience(AdministrationResource.Identifier))
            // The audience alone, by whatever other scope, is not enough.
            || (token.HasScope(AdministrationResource.Scope) && await HoldsAnythingAsync(context, principal)))
        {
            return;
        }

        token.SetScopes(token.GetScopes().Remove(AdministrationResource.Scope));
        token.SetAudiences(token.GetAudiences().Remove(AdministrationResource.Identifier).DefaultIfEmpty(issuer.Value).ToImmutableArray());
    }

    private async ValueTask<bool> HoldsAnythingAsync(ProcessSignInContext context, ClaimsPrincipal principal) =>
        AddAccessClaims.HolderOf(context, principal) is { } holder
        && await holders.FindAsync(holder, AdministrationResource.Identifier, context.CancellationToken) is { Permissions.Count: > 0 };
}
