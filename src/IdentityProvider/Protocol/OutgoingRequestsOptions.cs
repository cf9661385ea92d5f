using IdentityProvider.Configuration;

namespace IdentityProvider.Protocol;

/// <summary>The section <c>IdentityProvider:OutgoingRequests</c>.</summary>
internal sealed class OutgoingRequestsOptions
{
    public const string Section = ProviderOptions.Section + ":OutgoingRequests";

    /// <summary>
    /// Names or addresses of hosts that this server may call although they are on private addresses: such as a client's <c>jwks_uri</c> inside the own network.
    /// None by default: an address that somebody else chose must not reach what only this server can reach.
    /// </summary>
    public List<string> AllowedPrivateHosts { get; } = [];
}
