using System.Security.Claims;
using System.Security.Cryptography;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Tokens;
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
internal sealed class RotateRefreshToken(
    TokenRows rows, Statements statements, IOpenIddictTokenManager tokens, SuccessorProtection successors, TimeProvider clock)
    : IOpenIddictServerHandler<GenerateTokenContext>
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
            // The token's content is made, and the library would now write it.
            .SetOrder(Protection.AttachTokenPayload.Descriptor.Order - 250)
            .Build();

    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        var authentication = context.Transaction.Authentication();
        if (context.Transaction.Request!.IsAuthorizationCodeGrantType())
        {
            context.PersistTokenPayload = false;
            context.Token = await WriteAsync(context, authentication!.AuthorizationCodePrincipal!, retried: false);
            if (context.Token is null)
            {
                RedeemCode.Refuse(context);
            }
        }
        else if (context.Transaction.Request!.IsRefreshTokenGrantType())
        {
            var presented = authentication!.RefreshTokenPrincipal!;
            context.PersistTokenPayload = false;
            context.Token = await WriteAsync(context, presented, retried: true) ?? await ReadSuccessorAsync(presented, context.CancellationToken);
            if (context.Token is null)
            {
                Decision.Explain(context, "refresh_token.used");
                context.Reject(Errors.InvalidGrant, "The refresh token has already been used.");
            }
        }
    }

    private async Task<string?> WriteAsync(GenerateTokenContext context, ClaimsPrincipal presented, bool retried)
    {
        var reference = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));
        var row = (Token)(await tokens.FindByIdAsync(context.Principal.GetTokenId()!, context.CancellationToken))!;
        rows.Replace(row, new TokenUse(
            Guid.Parse(presented.GetTokenId()!), clock.GetUtcNow().UtcDateTime, retried ? successors.Protector.Protect(reference) : null));

        var descriptor = new OpenIddictTokenDescriptor();
        await tokens.PopulateAsync(descriptor, row, context.CancellationToken);
        descriptor.Payload = context.Token;
        descriptor.Principal = context.Principal;
        descriptor.ReferenceId = reference;
        try
        {
            await tokens.UpdateAsync(row, descriptor, context.CancellationToken);
            return reference;
        }
        catch (OpenIddictExceptions.ConcurrencyException)
        {
            // Somebody else was first.
            return null;
        }
    }

    private async Task<string?> ReadSuccessorAsync(ClaimsPrincipal presented, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow().UtcDateTime - TokenOptions.RefreshTokenRetryLeeway;
        var wrapped = await statements.ReadAsync(
            findSuccessor, row => row.GetString(0), cancellationToken, Guid.Parse(presented.GetTokenId()!), since);
        return wrapped is null ? null : successors.Protector.Unprotect(wrapped);
    }

    // Other tokens need nothing of what this one works with, and do not have it made.
    internal sealed class RequireRefreshToken : IOpenIddictServerHandlerFilter<GenerateTokenContext>
    {
        public ValueTask<bool> IsActiveAsync(GenerateTokenContext context) =>
            new(context.TokenType == TokenTypeIdentifiers.RefreshToken && context.Transaction.EndpointType == OpenIddictServerEndpointType.Token);
    }
}

/// <summary>Wraps what a used refresh token was replaced by.</summary>
internal sealed class SuccessorProtection(IDataProtectionProvider protection)
{
    public IDataProtector Protector { get; } = protection.CreateProtector("IdentityProvider.Grants.Successor");
}
