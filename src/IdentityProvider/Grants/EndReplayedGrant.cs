using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// A code or refresh token that is presented after it was used up has been seen by somebody else: its whole grant ends
/// (RFC 6749 §4.1.2, RFC 9700 §4.14.2), access tokens without a row included; with a refresh token also the session. A refresh within the leeway is a retry, not a theft.
/// </summary>
internal sealed class EndReplayedGrant(TokenRows rows, ReplayedGrants grants, AuditLog audit, TimeProvider clock) : IOpenIddictServerHandler<ValidateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
            .UseScopedHandler<EndReplayedGrant>()
            .SetOrder(Protection.ValidateTokenEntry.Descriptor.Order - 500)
            .Build();

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        // Introspecting a token is looking at it, not using it.
        if (context.Transaction.EndpointType != OpenIddictServerEndpointType.Token
            || !Guid.TryParse(context.TokenId, out var tokenId) || !Guid.TryParse(context.AuthorizationId, out var grantId))
        {
            return;
        }

        var token = rows.Find(tokenId);
        if (token is not { Status: Statuses.Redeemed } || IsRetry(token))
        {
            return;
        }

        var code = token.Type == TokenTypeIdentifiers.Private.AuthorizationCode;
        if (await grants.EndAsync(grantId, withSession: !code, context.CancellationToken))
        {
            audit.Record(code ? AuditEventType.CodeReplayed : AuditEventType.RefreshTokenReused, succeeded: false, token.Subject,
                context.Transaction.Request?.ClientId, context.Principal?.GetClaim("sid"),
                code ? "Presented again after it was used: the grant and everything issued from it ended."
                    : "Presented again after it was used: the grant, everything issued from it and the session it was made in ended.");
        }
    }

    private bool IsRetry(Token token) =>
        token.Type == TokenTypeIdentifiers.RefreshToken
        && token.RedemptionDate is { } redeemed
        && clock.GetUtcNow().UtcDateTime < redeemed + TokenOptions.RefreshTokenRetryLeeway;
}
