namespace IdentityProvider.Clients;

/// <summary>Origins (RFC 6454 §6.1) of addresses that browsers use.</summary>
internal static class ClientOrigins
{
    /// <summary>The origins of those addresses that have one a browser would send.</summary>
    public static IEnumerable<string> Of(IEnumerable<string> addresses) =>
        from address in addresses
        let uri = Uri.TryCreate(address, UriKind.Absolute, out var parsed) ? parsed : null
        where uri is not null && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        // IdnHost is what browsers send for a name, but it drops the brackets of an IPv6 address.
        let host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost
        select uri.IsDefaultPort ? $"{uri.Scheme}://{host}" : $"{uri.Scheme}://{host}:{uri.Port}";
}
