using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Data;
using IdentityProvider.Extensibility;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.UserInfo;

/// <summary>Answers with the claims of the granted scopes, and those asked for by name, that the person has (OpenID Connect Core §5.3.2, §5.4, §5.5).</summary>
internal sealed class AttachUserClaims(UserRows users, ScopeCatalog scopes, ContributedClaims contributed)
    : IOpenIddictServerHandler<HandleUserInfoRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleUserInfoRequestContext>()
            .UseSingletonHandler<AttachUserClaims>()
            .SetOrder(OpenIddictServerHandlers.UserInfo.AttachClaims.Descriptor.Order)
            .Build();

    public async ValueTask HandleAsync(HandleUserInfoRequestContext context)
    {
        var principal = context.AccessTokenPrincipal;
        if (!principal.HasScope(KnownScopes.OpenId))
        {
            Decision.Explain(context, "scope.openid_missing");
            context.Reject(Errors.InsufficientScope, "The access token was not granted the openid scope.");
            return;
        }

        // The token names the person as its client knows them, and so does the answer (§5.3.2); the grant knows who that is.
        var grant = PresentedGrant.Find(context.Transaction);
        var subject = grant?.Subject ?? principal.GetClaim(ClaimNames.Subject);
        var user = await users.FindAsync(subject, context.CancellationToken);
        if (user is null or { DisabledAt: not null })
        {
            Decision.Explain(context, "user.disabled");
            context.Reject(Errors.InvalidToken, "The user of this access token can no longer sign in.");
            return;
        }

        context.Subject = principal.GetClaim(ClaimNames.Subject);
        context.Issuer = null;
        if (ActorClaim.Parameter(principal, ActorClaim.Act) is { } actor)
        {
            context.Claims[ActorClaim.Act] = actor;
        }

        var released = (await scopes.GetAsync(context.CancellationToken)).ClaimsOf(principal.GetScopes());
        foreach (var name in released.Union(grant?.UserInfoClaims ?? [], StringComparer.Ordinal))
        {
            if (StandardClaims.Find(user, name) is { } value)
            {
                context.Claims[name] = value;
            }
        }

        var about = new ClaimsContext
        {
            Target = ClaimsTarget.UserInfo,
            SubjectKind = SubjectKind.Person,
            Subject = user.Subject,
            ClientId = principal.GetPresenters()[0],
            Audiences = [],
            Scopes = principal.GetScopes(),
            IsPreview = context.Transaction.IsPreview(),
        };
        foreach (var claim in await contributed.CollectAsync(context.Transaction, about, context.CancellationToken))
        {
            context.Claims.TryAdd(claim.Name, new OpenIddictParameter(claim.Value));
        }
    }
}
