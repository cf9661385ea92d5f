using IdentityProvider.Audit;
using IdentityProvider.Data;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// Uses up an authorization code: of two requests with the same code exactly one gets past here, on whichever nodes they arrive.
/// Where a refresh token is issued for it, that happens in the transaction that writes the refresh token (<see cref="RotateRefreshToken"/>).
/// </summary>
internal sealed class RedeemCode(TokenRows rows, TimeProvider clock) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseScopedHandler<RedeemCode>()
            // It is known which tokens there will be (IssueRefreshTokens), and none is made yet.
            .SetOrder(EvaluateGeneratedTokens.Descriptor.Order + 750)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Token || !context.Request.IsAuthorizationCodeGrantType() || context.GenerateRefreshToken)
        {
            return;
        }

        var tokenId = context.Principal?.GetTokenId() ?? throw new InvalidOperationException("A code has a row.");
        if (!await rows.UseUpAsync(new TokenUse(Guid.Parse(tokenId), clock.GetUtcNow().UtcDateTime, Successor: null), context.CancellationToken))
        {
            Refuse(context);
        }
    }

    /// <summary>Refuses a code that somebody else used up at the same moment.</summary>
    public static void Refuse(BaseValidatingContext context)
    {
        Decision.Explain(context, "code.used");
        context.Reject(Errors.InvalidGrant, "The authorization code has already been used.");
    }
}
