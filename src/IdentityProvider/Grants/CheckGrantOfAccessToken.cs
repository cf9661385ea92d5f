using IdentityProvider.Audit;
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
/// Asked wherever this server reads one: userinfo, introspection, revocation. One read for both.
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

        if (!await IsLiveAsync(principal.GetClaim(ClaimNames.JwtId), principal.GetAuthorizationId(), context.CancellationToken))
        {
            Decision.Explain(context, "token.revoked");
            context.Reject(Errors.InvalidToken, "The access token was revoked.");
        }
    }

    private Task<bool> IsLiveAsync(string? jti, string? grant, CancellationToken cancellationToken)
    {
        var revoked = db.Set<RevokedAccessToken>().Where(token => token.Jti == jti);
        return Guid.TryParse(grant, out var grantId)
            ? db.Set<Grant>().AnyAsync(row => row.Id == grantId && row.Status == Statuses.Valid && !revoked.Any(), cancellationToken)
            : Not(revoked.AnyAsync(cancellationToken));
    }

    private static async Task<bool> Not(Task<bool> value) => !await value;
}
