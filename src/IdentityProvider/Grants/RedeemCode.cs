using IdentityProvider.Audit;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// Uses up an authorization code: of two requests with the same code exactly one gets past here, on whichever nodes they arrive.
/// Refresh tokens are used up where their successor is written (<see cref="RotateRefreshToken"/>).
/// </summary>
internal sealed class RedeemCode(IOpenIddictTokenManager tokens) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseScopedHandler<RedeemCode>()
            .SetOrder(RedeemTokenEntry.Descriptor.Order)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Token || !context.Request.IsAuthorizationCodeGrantType())
        {
            return;
        }

        var tokenId = context.Principal?.GetTokenId() ?? throw new InvalidOperationException("A code has a row.");
        if (await tokens.FindByIdAsync(tokenId, context.CancellationToken) is not { } token
            || !await tokens.TryRedeemAsync(token, context.CancellationToken))
        {
            Decision.Explain(context, "code.used");
            context.Reject(Errors.InvalidGrant, "The authorization code has already been used.");
        }
    }
}
