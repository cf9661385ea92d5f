using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Revocation;

/// <summary>Ends a token, and with a refresh token everything of its grant (RFC 7009 §2.1).</summary>
internal sealed class RevokeToken(ProtocolDbContext db, AuditLog audit) : IOpenIddictServerHandler<HandleRevocationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleRevocationRequestContext>()
            .UseScopedHandler<RevokeToken>()
            .SetOrder(OpenIddictServerHandlers.Revocation.RevokeToken.Descriptor.Order)
            .Build();

    public async ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        var token = context.GenericTokenPrincipal!;
        if (token.HasTokenType(TokenTypeIdentifiers.AccessToken) && token.GetClaim(ClaimNames.JwtId) is { } jti)
        {
            await RevokeAccessTokenAsync(jti, token.GetExpirationDate(), context.CancellationToken);
        }
        else if (token.HasTokenType(TokenTypeIdentifiers.RefreshToken) && Guid.TryParse(token.GetAuthorizationId(), out var grantId))
        {
            await GrantEnding.EndAsync(db, grantId, context.CancellationToken);
        }
        else
        {
            Decision.Explain(context, "token.type");
            context.Reject(Errors.UnsupportedTokenType, "Tokens of this type cannot be revoked.");
            return;
        }

        audit.Record(AuditEventType.TokenRevoked, succeeded: true,
            PresentedGrant.Find(context.Transaction)?.Subject ?? token.GetClaim(ClaimNames.Subject), context.Request.ClientId,
            token.GetClaim("sid"), token.HasTokenType(TokenTypeIdentifiers.AccessToken) ? "Access token" : "Refresh token and its grant");
    }

    private async Task RevokeAccessTokenAsync(string jti, DateTimeOffset? expires, CancellationToken cancellationToken)
    {
        db.Add(new RevokedAccessToken { Jti = jti, ExpiresAt = expires?.UtcDateTime ?? DateTime.MaxValue });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Revoked twice at once: it is revoked.
            db.ChangeTracker.Clear();
        }
    }
}
