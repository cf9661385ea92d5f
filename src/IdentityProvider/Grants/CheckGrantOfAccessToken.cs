using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// An access token without a row lives only as long as its grant, and not beyond its own revocation.
/// Asked wherever this server reads one: userinfo, introspection, revocation. One read for both,
/// and for whose grant it is (<see cref="PresentedGrant"/>).
/// </summary>
internal sealed class CheckGrantOfAccessToken(ProtocolDbContext db) : IOpenIddictServerHandler<ValidateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
            .UseScopedHandler<CheckGrantOfAccessToken>()
            .SetOrder(Protection.ValidateAuthorizationEntry.Descriptor.Order + 500)
            .Build();

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.Principal is not { } principal || !principal.HasTokenType(TokenTypeIdentifiers.AccessToken) || context.TokenId is not null)
        {
            return;
        }

        var jti = principal.GetClaim(ClaimNames.JwtId);
        var revoked = db.Set<RevokedAccessToken>().Where(token => token.Jti == jti);
        if (Guid.TryParse(principal.GetAuthorizationId(), out var grantId))
        {
            var grant = await db.Set<Grant>().Where(row => row.Id == grantId && row.Status == Statuses.Valid && !revoked.Any())
                .Select(row => new { row.Subject, row.RequestedClaims }).SingleOrDefaultAsync(context.CancellationToken);
            if (grant is not null)
            {
                new PresentedGrant(grant.Subject, grant.RequestedClaims?.Split(' ') ?? []).Remember(context.Transaction);
                return;
            }
        }
        else if (!await revoked.AnyAsync(context.CancellationToken))
        {
            return;
        }

        Decision.Explain(context, "token.revoked");
        context.Reject(Errors.InvalidToken, "The access token was revoked.");
    }
}
