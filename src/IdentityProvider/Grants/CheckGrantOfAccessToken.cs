using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// An access token without a row lives only as long as its grant and the client that holds it, and not beyond its own revocation.
/// Asked wherever this server reads one: userinfo, introspection, revocation, token exchange. One read for both,
/// and for whose grant it is (<see cref="PresentedGrant"/>).
/// </summary>
internal sealed class CheckGrantOfAccessToken(ProtocolDbContext db, ClientCatalog clients) : IOpenIddictServerHandler<ValidateTokenContext>
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

        // A grant goes with its client, but a machine's token has none, and one that was exchanged (RFC 8693) hangs on another client's.
        var holder = principal.GetPresenters() is [{ Length: > 0 } presenter, ..] ? await clients.FindAsync(presenter, context.CancellationToken) : null;
        if (holder is null)
        {
            Refuse(context);
            return;
        }

        var jti = principal.GetClaim(ClaimNames.JwtId);
        var revoked = db.Set<RevokedAccessToken>().Where(token => token.Jti == jti);
        if (Guid.TryParse(principal.GetAuthorizationId(), out var grantId))
        {
            var grant = await db.Set<Grant>().Where(row => row.Id == grantId && row.Status == Statuses.Valid && !revoked.Any())
                .Select(row => new { row.Subject, row.RequestedClaims, row.ApplicationId }).SingleOrDefaultAsync(context.CancellationToken);
            if (grant is not null)
            {
                // What its client asked for by name is that client's; an exchanged token (RFC 8693) is another's.
                var own = grant.RequestedClaims is not null && holder.Id == grant.ApplicationId;
                new PresentedGrant(grant.Subject, own ? grant.RequestedClaims!.Split(' ') : []).Remember(context.Transaction);
                return;
            }
        }
        else if (!await revoked.AnyAsync(context.CancellationToken))
        {
            return;
        }

        Refuse(context);
    }

    private static void Refuse(ValidateTokenContext context)
    {
        Decision.Explain(context, "token.revoked");
        context.Reject(Errors.InvalidToken, "The access token was revoked.");
    }
}
