using System.Net;
using System.Net.Sockets;

namespace IdentityProvider.Policies.Conditions;

/// <summary>Networks and addresses in them (CEL, network extension): <c>cidr("10.0.0.0/8").containsIP(context.ip)</c>.</summary>
internal static class Addresses
{
    public static Overload Network { get; } = new([Kind.String], Kind.Network, static (a, _, _) =>
        a is string { Length: <= Functions.LongestRead } && IPNetwork.TryParse((string)a, out var network) && network.BaseAddress.Equals(Read(((string)a).Split('/')[0]))
            ? network
            : new Fault("cidr() of a text that is no network, such as 10.0.0.0/8 or 2001:db8::/32, with no bit set behind its length."));

    public static Overload Contains { get; } = new([Kind.Network, Kind.String], Kind.Bool, static (a, b, _) =>
        Read((string)b!) is { } address
            ? Values.Of(((IPNetwork)a!).Contains(address))
            : new Fault("containsIP() of a text that is no IP address, such as 10.0.0.1 or 2001:db8::1."));

    // "1" and "010.1" were addresses once, and ::ffff:10.0.0.1 is in no IPv4 network though it means an address in one: here an address is what everybody reads it as.
    private static IPAddress? Read(string text) =>
        text.Length <= Functions.LongestRead && IPAddress.TryParse(text, out var address)
        && (address.AddressFamily == AddressFamily.InterNetwork ? address.ToString() == text : !address.IsIPv4MappedToIPv6 && !text.AsSpan().ContainsAny("%[]"))
            ? address
            : null;
}
