using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.ServerMetadata;

/// <summary>
/// What the server says of itself (OpenID Connect Discovery §3, RFC 8414 §2).
/// Endpoints: /.well-known/openid-configuration, /.well-known/oauth-authorization-server.
/// </summary>
internal static class ServerMetadataFeature
{
    public static OpenIddictServerBuilder UseServerMetadata(this OpenIddictServerBuilder server) => server
        .Add(DescribeServer.Descriptor);
}
