using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.ClientAuthentication;

/// <summary>
/// How clients prove who they are (RFC 6749 §2.3, OpenID Connect Core §9): at the token, introspection, revocation and device authorization endpoints,
/// each by the one method it registered.
/// </summary>
internal static class ClientAuthenticationFeature
{
    public static OpenIddictServerBuilder UseClientAuthentication(this OpenIddictServerBuilder server) => server
        .Add(RequireRegisteredMethod.Descriptor);
}
