namespace IdentityProvider.Clients;

/// <summary>Where a browser may be sent with a code in its hand (RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §2.1).</summary>
internal static class RedirectUriRules
{
    private const int Longest = 2048;

    /// <summary>What is wrong with a URI to be registered, in one sentence; null where nothing is.</summary>
    public static string? FaultOf(string value, bool isNative, bool isDevelopment)
    {
        // Compared byte by byte later: what a browser would rewrite first could never match.
        if (value.Length > Longest || value.Any(character => character is <= '\x20' or > '\x7e' or '\\'))
        {
            return $"A URI has at most {Longest} printable ASCII characters, others percent-encoded.";
        }

        if (value.Contains('*', StringComparison.Ordinal))
        {
            return "URIs are compared exactly: there are no wildcards.";
        }

        if (value.StartsWith('/') || !Uri.TryCreate(value, UriKind.Absolute, out var uri))
        {
            return "This must be an absolute URI.";
        }

        return uri switch
        {
            _ when value.Contains('#', StringComparison.Ordinal) => "A URI must not have a fragment.",
            { UserInfo.Length: > 0 } => "A URI must not have a user name or password.",
            // RFC 9207: the response carries our own iss, and the client could not tell the two apart.
            _ when HasIssuerParameter(uri) => "A URI must not have a query parameter named iss.",
            _ when uri.Scheme == Uri.UriSchemeHttps => null,
            _ when uri.Scheme == Uri.UriSchemeHttp => uri.IsLoopback || isDevelopment
                ? null
                : "Plain http is for loopback addresses only; use https.",
            _ when !isNative => "Only an https address is possible, or http on a loopback address; other schemes are for application_type native.",
            // RFC 8252 §8.4. A scheme such as javascript, data or file has no dot either.
            _ when !uri.Scheme.Contains('.', StringComparison.Ordinal) =>
                "A scheme of an app's own is a reversed domain name of its maker, such as com.example.app.",
            _ => null,
        };
    }

    private static bool HasIssuerParameter(Uri uri) => uri.Query.TrimStart('?').Split('&')
        .Any(pair => pair.Split('=')[0] == "iss");
}
