using System.Net;
using System.Net.Sockets;

namespace IdentityProvider.Protocol;

/// <summary>Which callers count as one where somebody counts. Whoever has one IPv6 address has the 2^64 beside it.</summary>
internal static class CallerNetwork
{
    private const int Ipv6Bytes = 8;

    public static string Of(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } =>
            new IPNetwork(new IPAddress([.. address.GetAddressBytes().AsSpan(0, Ipv6Bytes), .. new byte[Ipv6Bytes]]), Ipv6Bytes * 8).ToString(),
        _ => address.ToString(),
    };

    public static string Of(string? address) => Of(IPAddress.TryParse(address, out var parsed) ? parsed : null);
}
