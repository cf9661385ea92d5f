using System.Net;
using IdentityProvider.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Hosting;

/// <summary>The caller's address behind the configured reverse proxies, and behind nobody else.</summary>
internal static class ForwardedAddresses
{
    public static IServiceCollection AddForwardedHeaders(this IServiceCollection services)
    {
        services.AddSettings<ForwardedHeadersSettings>(ForwardedHeadersSettings.Section);
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ForwardedHeadersSettings>>((options, configured) =>
        {
            options.ForwardedHeaders = configured.Value.Any ? ForwardedHeaders.XForwardedFor : ForwardedHeaders.None;
            // Every hop is checked against the lists, so the number of hops need not be guessed.
            options.ForwardLimit = null;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var proxy in configured.Value.KnownProxies)
            {
                options.KnownProxies.Add(IPAddress.Parse(proxy));
            }

            foreach (var network in configured.Value.KnownNetworks)
            {
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
            }
        });
        return services;
    }
}
