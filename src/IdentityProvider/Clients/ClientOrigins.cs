namespace IdentityProvider.Clients;

/// <summary>Origins (RFC 6454 §6.1) of addresses that browsers use.</summary>
internal static class ClientOrigins
{
    /// <summary>The origins of those addresses that have one a browser would send.</summary>
    public static IEnumerable<string> Of(IEnumerable<string> addresses) =>
        from address in addresses
        let uri = Uri.TryCreate(address, UriKind.Absolute, out var parsed) ? parsed : null
        where uri is not null && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        select uri.IsDefaultPort ? $"{uri.Scheme}://{uri.IdnHost}" : $"{uri.Scheme}://{uri.IdnHost}:{uri.Port}";
}
