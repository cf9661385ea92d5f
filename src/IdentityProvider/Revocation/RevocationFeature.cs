using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Revocation;

/// <summary>
/// Token revocation (RFC 7009). Endpoint: /connect/revoke.
/// Only the client a token was issued to may revoke it. A refresh token takes its whole grant along; an access token ends alone, by its <c>jti</c>.
/// Rows: Grant, Token, RevokedAccessToken.
/// </summary>
internal static class RevocationFeature
{
    public static OpenIddictServerBuilder UseRevocation(this OpenIddictServerBuilder server) => server
        .Replace(OpenIddict.Server.OpenIddictServerHandlers.Revocation.ValidateAuthorizedParty.Descriptor, OnlyThePresenter.Descriptor)
        .Replace(OpenIddict.Server.OpenIddictServerHandlers.Revocation.RevokeToken.Descriptor, RevokeToken.Descriptor);
}
