using IdentityProvider.Jobs;
using IdentityProvider.Protocol;
using IdentityProvider.Sessions;
using Microsoft.Extensions.DependencyInjection;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace IdentityProvider.Grants;

/// <summary>
/// The token endpoint and what hangs on a grant: authorization code (RFC 6749 §4.1, RFC 7636), refresh (RFC 6749 §6, RFC 9700 §4.14),
/// client credentials (RFC 6749 §4.4), the tokens of an allowed device (RFC 8628 §3.5), JWT access tokens (RFC 9068);
/// and tokens that the authorization endpoint gives at once (OpenID Connect Core §3.2, §3.3).
/// Endpoint: /connect/token. Rows: Grant, Token (codes and refresh tokens only), RevokedAccessToken.
/// A grant ends by revocation, by a replayed code, by a reused refresh token, or with its session; every token that hangs on it dies with it.
/// </summary>
internal static class GrantsFeature
{
    public static IServiceCollection AddGrants(this IServiceCollection services) => services
        .AddScoped<GrantHolders>()
        .AddSingleton<ReplayedGrants>()
        .AddScoped<ISessionEndedHandler, EndGrantsWithSession>()
        .AddSingleton<RecurringJob, EraseSuccessors>()
        .AddSingleton<RecurringJob, PruneGrants>();

    public static OpenIddictServerBuilder UseGrants(this OpenIddictServerBuilder server) => server
        .Add(RequireCodeVerifier.Descriptor)             // RFC 7636 §4.6
        .Add(ValidateClientScopes.Descriptor)            // RFC 6749 §3.3 at the token endpoint
        .Add(AuthorizationCodeGrant.Descriptor)          // RFC 6749 §4.1.3
        .Add(RefreshTokenGrant.Descriptor)               // RFC 6749 §6
        .Add(ClientCredentialsGrant.Descriptor)          // RFC 6749 §4.4
        .Add(IssueRefreshTokens.Descriptor)              // by registration, not by offline_access alone
        .Add(LimitAudiences.Descriptor)                  // RFC 8707 §2.2
        .Add(NoRowsForJwts.Descriptor)                   // a JWT is bound to its grant, not to a row of its own
        .Add(SignByAudience.Descriptor)                  // ES256 or what the resource asks for; id_tokens by registration
        .Replace(AttachTokenDigests.Descriptor, AttachTokenHashes.Descriptor) // OpenID Connect Core §3.3.2.11
        .Add(GrantOfFrontChannel.Descriptor)             // OpenID Connect Core §3.2, §3.3
        .Replace(RedeemTokenEntry.Descriptor, RedeemCode.Descriptor)
        .Replace(Protection.CreateTokenEntry.Descriptor, AddTokenRow.Descriptor)
        .Replace(Protection.AttachTokenPayload.Descriptor, StoreToken.Descriptor)
        .Add(RotateRefreshToken.Descriptor)              // RFC 9700 §4.14.2, exactly once
        .Add(EndReplayedGrant.Descriptor)                // RFC 6749 §4.1.2, RFC 9700 §4.14.2
        .Add(RefuseEarlyTokens.Descriptor)               // RFC 7519 §4.1.5
        .Add(CheckGrantOfAccessToken.Descriptor)         // what has no row is still revocable
        .Add(AuditTokens.Descriptor)
        .Add(ExplainTokenRefusals.Descriptor);           // what of the registration or the grant differed, for the record
}
