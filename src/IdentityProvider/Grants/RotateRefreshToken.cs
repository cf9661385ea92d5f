using System.Security.Cryptography;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// Replaces a refresh token by its successor, exactly once however many requests present it (RFC 9700 §4.14.2).
/// Using up the old row and writing the new one is a single transaction: whoever loses the race, or retries because the first answer
/// never arrived, gets the same successor and a new access token.
/// </summary>
internal sealed class RotateRefreshToken(
    ProtocolDbContext db, IOpenIddictTokenManager tokens, IDataProtectionProvider protection, TimeProvider clock)
    : IOpenIddictServerHandler<GenerateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<GenerateTokenContext>()
            .UseScopedHandler<RotateRefreshToken>()
            // The token's content is made, and the library would now write it.
            .SetOrder(Protection.AttachTokenPayload.Descriptor.Order - 250)
            .Build();

    private readonly IDataProtector successors = protection.CreateProtector("IdentityProvider.Grants.Successor");

    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context.TokenType != TokenTypeIdentifiers.RefreshToken
            || context.Transaction.EndpointType != OpenIddictServerEndpointType.Token
            || context.Transaction.Request?.IsRefreshTokenGrantType() != true)
        {
            return;
        }

        var presented = Guid.Parse(context.Transaction.Authentication()!.RefreshTokenPrincipal!.GetTokenId()!);
        context.PersistTokenPayload = false;
        context.Token = await WriteSuccessorAsync(context, presented) ?? await ReadSuccessorAsync(presented, context.CancellationToken);
        if (context.Token is null)
        {
            Decision.Explain(context, "refresh_token.used");
            context.Reject(Errors.InvalidGrant, "The refresh token has already been used.");
        }
    }

    private async Task<string?> WriteSuccessorAsync(GenerateTokenContext context, Guid presented)
    {
        var reference = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));
        var wrapped = successors.Protect(reference);
        var row = (await tokens.FindByIdAsync(context.Principal.GetTokenId()!, context.CancellationToken))!;
        DateTime? now = clock.GetUtcNow().UtcDateTime;

        await using var transaction = await db.Database.BeginTransactionAsync(context.CancellationToken);
        var redeemed = await db.Set<Token>().Where(token => token.Id == presented && token.Status == Statuses.Valid)
            .ExecuteUpdateAsync(set => set
                .SetProperty(token => token.Status, Statuses.Redeemed)
                .SetProperty(token => token.RedemptionDate, now)
                .SetProperty(token => token.Successor, wrapped), context.CancellationToken);
        if (redeemed == 0)
        {
            // Somebody else wrote the successor; ours must not be saved by whatever this request saves next.
            db.Entry((Token)row).State = EntityState.Detached;
            return null;
        }

        var descriptor = new OpenIddictTokenDescriptor();
        await tokens.PopulateAsync(descriptor, row, context.CancellationToken);
        descriptor.Payload = context.Token;
        descriptor.Principal = context.Principal;
        descriptor.ReferenceId = reference;
        await tokens.UpdateAsync(row, descriptor, context.CancellationToken);
        await transaction.CommitAsync(context.CancellationToken);
        return reference;
    }

    private async Task<string?> ReadSuccessorAsync(Guid presented, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow().UtcDateTime - TokenOptions.RefreshTokenRetryLeeway;
        var wrapped = await db.Set<Token>().AsNoTracking()
            .Where(token => token.Id == presented && token.Status == Statuses.Redeemed && token.RedemptionDate >= since)
            .Select(token => token.Successor)
            .SingleOrDefaultAsync(cancellationToken);
        return wrapped is null ? null : successors.Unprotect(wrapped);
    }
}
