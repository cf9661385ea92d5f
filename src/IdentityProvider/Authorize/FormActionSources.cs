using IdentityProvider.Clients;

namespace IdentityProvider.Authorize;

/// <summary>
/// Where a form post on a sign-in or consent page may end. Browsers apply <c>form-action</c> to every redirect that follows,
/// so the page has to name its client's addresses: the redirect URIs, and the client's home page, to which its callback usually sends people on.
/// </summary>
internal static class FormActionSources
{
    public static IReadOnlyList<string> Of(RegisteredClient client) =>
        [.. client.Metadata.RedirectUris.Append(client.Metadata.ClientUri).OfType<string>().Select(SourceOf).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static string? SourceOf(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            return null;
        }

        var web = uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp;
        if (!web)
        {
            return uri.Scheme + ":";
        }

        // RFC 8252 §7.3: a native client listens on whichever port is free.
        return uri.IsLoopback && uri.IsDefaultPort ? $"{uri.Scheme}://{uri.Host}:*" : uri.GetLeftPart(UriPartial.Authority);
    }
}
