using System.Net;
using System.Net.Sockets;
using IdentityProvider.Sessions;

namespace IdentityProvider.Pages.Account;

/// <summary>One session in the words of the page.</summary>
/// <param name="Upstream">Whom the person signs in with when not by password; null when that is not certain.</param>
internal sealed record SessionLine(ListedSession Listed, bool IsThisDevice, string? Upstream, DateTime Now)
{
    // Seen within this time is as good as now: the time is written rarely.
    private static readonly TimeSpan Recently = TimeSpan.FromMinutes(5);

    private static readonly IPNetwork[] NearbyNetworks =
    [
        .. new[] { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128" }
            .Select(IPNetwork.Parse),
    ];

    public string Sid => Listed.Session.Id;

    /// <summary>Which apps got access that ends with the session; empty when none did.</summary>
    public string AppNames => string.Join(", ", Listed.Apps.Where(app => !app.Offline).Select(app => app.Name));

    /// <summary>Which apps got access that goes on when the person signs out; empty when none did.</summary>
    public string LastingAppNames => string.Join(", ", Listed.Apps.Where(app => app.Offline).Select(app => app.Name));

    public string Device => DeviceName.Of(Listed.Session.UserAgent);

    public Moment SignedIn => new(Listed.Session.AuthenticatedAt, Now);

    public Moment Ends => new(Listed.Session.ExpiresAt, Now);

    public Moment LastSeen => new(Listed.LastSeenAt, Now);

    public bool IsRemembered => Listed.Session.Persistent;

    public string Activity => IsThisDevice ? "Active now"
        : Now - Listed.LastSeenAt < Recently ? "Active in the last 5 minutes"
        : $"Last active {LastSeen.Ago}";

    /// <summary>The place as far as the address tells, which without a map of the internet is not far.</summary>
    public string Place => PlaceOf(Listed.Session.RemoteAddress);

    /// <summary>How the person proved who they are, as the end of a sentence; empty when it is not known.</summary>
    public string Method
    {
        get
        {
            var methods = Listed.Session.Methods.Split(' ');
            return (methods.Contains("pwd"), methods.Contains("fed")) switch
            {
                (true, true) => $" with {Upstream ?? "another account"} and your password",
                (true, false) => " with your password",
                (false, true) => $" with {Upstream ?? "another account"}",
                (false, false) => "",
            };
        }
    }

    public static string PlaceOf(string? address)
    {
        if (!IPAddress.TryParse(address, out var parsed))
        {
            return "Unknown address";
        }

        var plain = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        // A zone belongs to the server's own network card and tells nobody anything.
        var shown = plain is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(plain.GetAddressBytes()) : plain;
        return NearbyNetworks.Any(network => network.Contains(shown)) ? $"On this network, {shown}" : $"Address {shown}";
    }
}
