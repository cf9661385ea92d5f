using System.Data.Common;
using IdentityProvider.Audit;
using IdentityProvider.Claims;
using IdentityProvider.Clients;
using IdentityProvider.Data;
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
internal sealed class CheckGrantOfAccessToken(Statements statements, ClientCatalog clients) : IOpenIddictServerHandler<ValidateTokenContext>
{
    private static readonly Statement liveGrant = new(
        $"""
        SELECT g."Subject", g."RequestedClaims", g."ApplicationId" FROM "Grants" AS g
        WHERE g."Id" = @id AND g."Status" = '{Statuses.Valid}' AND NOT EXISTS (SELECT 1 FROM "RevokedAccessTokens" AS r WHERE r."Jti" = @jti)
        """,
        "@id", "@jti");

    private static readonly Statement revoked = new(
        """SELECT r."Jti" FROM "RevokedAccessTokens" AS r WHERE r."Jti" = @jti""",
        "@jti");

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
            .UseSingletonHandler<CheckGrantOfAccessToken>()
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
        if (Guid.TryParse(principal.GetAuthorizationId(), out var grantId))
        {
            if (await statements.ReadAsync(liveGrant, LiveGrant.Read, context.CancellationToken, grantId, jti) is { } grant)
            {
                // What its client asked for by name is that client's; an exchanged token (RFC 8693) is another's.
                var own = grant.RequestedClaims is not null && holder.Id == grant.ClientId;
                new PresentedGrant(grant.Subject, own ? grant.RequestedClaims!.Split(' ') : []) { ClientId = grant.ClientId }.Remember(context.Transaction);
                return;
            }
        }
        else if (await statements.ReadAsync(revoked, static row => row.GetString(0), context.CancellationToken, jti) is null)
        {
            return;
        }

        Refuse(context);
    }

    private sealed record LiveGrant(string? Subject, string? RequestedClaims, Guid? ClientId)
    {
        public static LiveGrant Read(DbDataReader row) => new(row.Text(0), row.Text(1), row.Guid(2));
    }

    private static void Refuse(ValidateTokenContext context)
    {
        Decision.Explain(context, "token.revoked");
        context.Reject(Errors.InvalidToken, "The access token was revoked.");
    }
}
