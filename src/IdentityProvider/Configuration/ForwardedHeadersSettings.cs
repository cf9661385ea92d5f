using System.Net;
using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Configuration;

/// <summary>
/// The section <c>IdentityProvider:ForwardedHeaders</c>: whose <c>X-Forwarded-For</c> is believed.
/// Only the caller's address is taken from proxies; scheme and host come from the issuer.
/// </summary>
internal sealed class ForwardedHeadersSettings : ICheckedSettings
{
    public const string Section = ProviderOptions.Section + ":ForwardedHeaders";

    /// <summary>Addresses of reverse proxies in front of this server.</summary>
    public List<string> KnownProxies { get; } = [];

    /// <summary>Networks that reverse proxies are in, such as <c>10.0.0.0/8</c>.</summary>
    public List<string> KnownNetworks { get; } = [];

    public bool Any => KnownProxies.Count + KnownNetworks.Count > 0;

    public IEnumerable<string> Problems(IHostEnvironment environment)
    {
        foreach (var proxy in KnownProxies.Where(proxy => !IPAddress.TryParse(proxy, out _)))
        {
            yield return $"{Section}:KnownProxies has \"{proxy}\", which is no IP address; write one such as 10.0.0.5.";
        }

        foreach (var network in KnownNetworks.Where(network => !IPNetwork.TryParse(network, out _)))
        {
            yield return $"{Section}:KnownNetworks has \"{network}\", which is no network; write an address and the length of its prefix, such as 10.0.0.0/8.";
        }
    }
}
