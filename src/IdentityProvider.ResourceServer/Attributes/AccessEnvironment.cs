using System.Net;

namespace IdentityProvider.ResourceServer;

/// <summary>When and where access is asked for.</summary>
public sealed class AccessEnvironment
{
    internal AccessEnvironment(DateTimeOffset now, string? region, IPAddress? remoteAddress, TimeSpan clockSkew) =>
        (Now, Region, RemoteAddress, ClockSkew) = (now, region, remoteAddress is { IsIPv4MappedToIPv6: true } ? remoteAddress.MapToIPv4() : remoteAddress, clockSkew);

    /// <summary>The time, in UTC, by the application's <see cref="TimeProvider"/>.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Where this instance of the API runs: <see cref="ResourceServerOptions.Region"/>.</summary>
    public string? Region { get; }

    /// <summary>
    /// The caller's address; null outside a request. Behind a proxy it is the proxy's, unless ASP.NET Core's forwarded headers are set up.
    /// </summary>
    public IPAddress? RemoteAddress { get; }

    internal TimeSpan ClockSkew { get; }

    /// <summary>The time on the clocks of a time zone.</summary>
    /// <param name="zone">The time zone; summer time is the zone's.</param>
    /// <returns>The same moment.</returns>
    public DateTimeOffset NowIn(TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(Now, zone);
}
