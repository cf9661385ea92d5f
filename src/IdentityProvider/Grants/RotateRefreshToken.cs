using System.Security.Claims;
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
/// Writes a refresh token and uses up, in the same transaction, what was presented for it, exactly once however many requests present it.
/// After a code (RFC 6749 §4.1.2) whoever loses the race is refused. After another refresh token (RFC 9700 §4.14.2) whoever loses it, or retries
/// because the first answer never arrived, gets the same successor and a new access token.
/// </summary>
internal sealed class RotateRefreshToken(TokenRows rows, Statements statements, TimeProvider clock) : IOpenIddictServerHandler<GenerateTokenContext>
{
    private static readonly Statement findSuccessor = new(
        $"""
        SELECT "Successor" FROM "Tokens"
        WHERE "Id" = @id AND "Status" = '{Statuses.Redeemed}' AND "RedemptionDate" >= @since AND "Successor" IS NOT NULL
        """,
        "@id", "@since");

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<GenerateTokenContext>()
            .AddFilter<RequireRefreshToken>()
            .UseScopedHandler<RotateRefreshToken>()
            // The token's content is made, and StoreToken would now write it.
            .SetOrder(Protection.AttachTokenPayload.Descriptor.Order - 250)
            .Build();

    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        var authentication = context.Transaction.Authentication();
        var id = Guid.Parse(context.Principal.GetTokenId()!);
        if (context.Transaction.Request!.IsAuthorizationCodeGrantType())
        {
            context.PersistTokenPayload = false;
            context.Token = await WriteAsync(context, id, TokenReference.New(id), authentication!.AuthorizationCodePrincipal!, seed: null);
            if (context.Token is null)
            {
                RedeemCode.Refuse(context);
            }
        }
        else if (context.Transaction.Request!.IsRefreshTokenGrantType())
        {
            var presented = authentication!.RefreshTokenPrincipal!;
            var text = context.Transaction.Request!.RefreshToken!;
            var seed = TokenReference.New(id);
            context.PersistTokenPayload = false;
            context.Token = await WriteAsync(context, id, TokenReference.After(text, seed)!, presented, seed)
                ?? await ReadSuccessorAsync(presented, text, context.CancellationToken);
            if (context.Token is null)
            {
                Decision.Explain(context, "refresh_token.used");
                context.Reject(Errors.InvalidGrant, "The refresh token has already been used.");
            }
        }
    }

    // If nothing was written, somebody else was first.
    private async Task<string?> WriteAsync(GenerateTokenContext context, Guid id, string reference, ClaimsPrincipal presented, string? seed)
    {
        var replaced = new TokenUse(Guid.Parse(presented.GetTokenId()!), clock.GetUtcNow().UtcDateTime, seed);
        return await rows.WriteAsync(id, reference, context.Token!, replaced, context.CancellationToken) ? reference : null;
    }

    private async Task<string?> ReadSuccessorAsync(ClaimsPrincipal presented, string text, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow().UtcDateTime - TokenOptions.RefreshTokenRetryLeeway;
        var seed = await statements.ReadAsync(findSuccessor, row => row.GetString(0), cancellationToken, Guid.Parse(presented.GetTokenId()!), since);
        return seed is null ? null : TokenReference.After(text, seed);
    }

    // Other tokens need nothing of what this one works with, and do not have it made.
    internal sealed class RequireRefreshToken : IOpenIddictServerHandlerFilter<GenerateTokenContext>
    {
        public ValueTask<bool> IsActiveAsync(GenerateTokenContext context) =>
            new(context.TokenType == TokenTypeIdentifiers.RefreshToken && context.Transaction.EndpointType == OpenIddictServerEndpointType.Token);
    }
}
