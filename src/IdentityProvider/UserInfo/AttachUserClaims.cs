using IdentityProvider.Claims;
using IdentityProvider.Data;
using IdentityProvider.Scopes;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.UserInfo;

/// <summary>Answers with the claims of the granted scopes that the person has (OpenID Connect Core §5.3.2, §5.4).</summary>
internal sealed class AttachUserClaims(AppDbContext db, ScopeCatalog scopes) : IOpenIddictServerHandler<HandleUserInfoRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleUserInfoRequestContext>()
            .UseScopedHandler<AttachUserClaims>()
            .SetOrder(OpenIddictServerHandlers.UserInfo.AttachClaims.Descriptor.Order)
            .Build();

    public async ValueTask HandleAsync(HandleUserInfoRequestContext context)
    {
        var principal = context.AccessTokenPrincipal;
        if (!principal.HasScope(KnownScopes.OpenId))
        {
            context.Reject(Errors.InsufficientScope, "The access token was not granted the openid scope.");
            return;
        }

        var subject = principal.GetClaim(ClaimNames.Subject);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Subject == subject, context.CancellationToken);
        if (user is null or { DisabledAt: not null })
        {
            context.Reject(Errors.InvalidToken, "The user of this access token can no longer sign in.");
            return;
        }

        context.Subject = user.Subject;
        context.Issuer = null;
        if (ActorClaim.Parameter(principal, ActorClaim.Act) is { } actor)
        {
            context.Claims[ActorClaim.Act] = actor;
        }

        foreach (var name in (await scopes.GetAsync(context.CancellationToken)).ClaimsOf(principal.GetScopes()))
        {
            if (StandardClaims.Find(user, name) is { } value)
            {
                context.Claims[name] = value;
            }
        }
    }
}
