using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Protocol;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>Turns a valid code into tokens, if the person may still have them (RFC 6749 §4.1.3); what a person allowed a device likewise (RFC 8628 §3.5).</summary>
internal sealed class AuthorizationCodeGrant(GrantHolders holders, IOptions<TokenOptions> options, TimeProvider clock)
    : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleTokenRequestContext>()
            .UseScopedHandler<AuthorizationCodeGrant>()
            .SetOrder(Exchange.AttachPrincipal.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        if (!context.Request.IsAuthorizationCodeGrantType() && !context.Request.IsDeviceCodeGrantType())
        {
            return;
        }

        var principal = (context.AuthorizationCodePrincipal ?? context.DeviceCodePrincipal)!;
        var holder = await holders.FindAsync(
            principal.GetClaim(ClaimNames.Subject)!,
            principal.GetClaim(PrincipalFactory.SessionIdClaim), context.CancellationToken);
        if (!holder.MaySignIn || holder.SessionEnds is null)
        {
            Decision.Explain(context, "user.signed_out");
            context.Reject(Errors.InvalidGrant, "The user is no longer signed in.");
            return;
        }

        RefreshLifetime.Set(principal, holder, grantedAt: clock.GetUtcNow(), clock.GetUtcNow(), options.Value);
        ClaimDestinations.Set(principal);
        context.SignIn(principal);
    }
}
