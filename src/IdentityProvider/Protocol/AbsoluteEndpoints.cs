using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace IdentityProvider.Protocol;

/// <summary>
/// The addresses of the endpoints below the issuer. The library would work them out anew from the address of each request, one after the other until one fits;
/// here every request has the issuer's (<see cref="PublicAddress"/>).
/// </summary>
internal sealed class AbsoluteEndpoints(Issuer issuer) : IPostConfigureOptions<OpenIddictServerOptions>
{
    public void PostConfigure(string? name, OpenIddictServerOptions options)
    {
        foreach (var addresses in new[]
        {
            options.AuthorizationEndpointUris, options.ConfigurationEndpointUris, options.DeviceAuthorizationEndpointUris, options.EndSessionEndpointUris,
            options.EndUserVerificationEndpointUris, options.IntrospectionEndpointUris, options.JsonWebKeySetEndpointUris,
            options.PushedAuthorizationEndpointUris, options.RevocationEndpointUris, options.TokenEndpointUris, options.UserInfoEndpointUris,
        })
        {
            for (var index = 0; index < addresses.Count; index++)
            {
                addresses[index] = addresses[index].IsAbsoluteUri
                    ? addresses[index]
                    : AsRequested(new Uri(issuer.UrlOf("/" + addresses[index].OriginalString), UriKind.Absolute));
            }
        }
    }

    // A request names a host of other letters by its ASCII form (RFC 5891).
    private static Uri AsRequested(Uri address) => address.HostNameType == UriHostNameType.Dns && address.Host != address.IdnHost
        ? new UriBuilder(address) { Host = address.IdnHost }.Uri
        : address;
}
