using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Protocol;
using IdentityProvider.Sessions;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>Turns a valid refresh token into new tokens, if the person may still have them (RFC 6749 §6).</summary>
internal sealed class RefreshTokenGrant(GrantHolders holders, SessionLife sessions, IOptions<TokenOptions> options, TimeProvider clock)
    : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleTokenRequestContext>()
            .UseScopedHandler<RefreshTokenGrant>()
            .SetOrder(Exchange.AttachPrincipal.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        if (!context.Request.IsRefreshTokenGrantType())
        {
            return;
        }

        var principal = context.RefreshTokenPrincipal!;
        var holder = await holders.FindAsync(
            principal.GetClaim(ClaimNames.Subject)!,
            principal.GetClaim(PrincipalFactory.SessionIdClaim), context.CancellationToken);
        if (!holder.MaySignIn)
        {
            Decision.Explain(context, "user.disabled");
            context.Reject(Errors.InvalidGrant, "The user can no longer sign in.");
            return;
        }

        if (holder.SessionEnds is null && !principal.HasScope(KnownScopes.OfflineAccess))
        {
            Decision.Explain(context, "user.signed_out");
            context.Reject(Errors.InvalidGrant, "The session of this refresh token has ended.");
            return;
        }

        if (!RefreshLifetime.Set(principal, holder, grantedAt: null, clock.GetUtcNow(), options.Value))
        {
            Decision.Explain(context, "refresh_token.expired");
            context.Reject(Errors.InvalidGrant, "The refresh token has expired.");
            return;
        }

        // Whoever uses an application uses the session it lives in. With offline_access it may be an application that nobody is looking at.
        if (holder.Session is { } session && !principal.HasScope(KnownScopes.OfflineAccess))
        {
            sessions.Note(session);
        }

        // OpenID Connect Core §12.2: the id_token of a refresh answers no request of the browser and has no nonce.
        principal.RemoveClaims(ClaimNames.Private.Nonce);
        ClaimDestinations.Set(principal);
        context.SignIn(principal);
    }
}
