using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Introspection;

/// <summary>
/// Token introspection (RFC 7662), signed where the caller wants it (RFC 9701). Endpoint: /connect/introspect, POST only.
/// Who may look: the client the token was issued to, and the clients that a resource among its audiences names.
/// Everybody else is told that the token is not active, and nothing more.
/// </summary>
internal static class IntrospectionFeature
{
    public static OpenIddictServerBuilder UseIntrospection(this OpenIddictServerBuilder server) => server
        .RemoveEventHandler(OpenIddict.Server.OpenIddictServerHandlers.Introspection.ValidateTokenType.Descriptor)
        .Replace(OpenIddict.Server.OpenIddictServerHandlers.Introspection.ValidateAuthorizedParty.Descriptor, MayIntrospect.Descriptor)
        .Replace(OpenIddict.Server.OpenIddictServerHandlers.Introspection.AttachApplicationClaims.Descriptor, AttachTokenClaims.Descriptor)
        .Add(AttachAccess.Find)            // RFC 9068 §2.2.3.1
        .Add(AttachAccess.Tell)
        .Add(AttachMappedClaims.Descriptor)
        .Add(SignResponse.Descriptor)      // RFC 9701 §5
        .Add(AdvertiseSigning.Descriptor); // RFC 9701 §7
}
