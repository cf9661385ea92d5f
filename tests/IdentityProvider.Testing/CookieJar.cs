using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.Testing;

/// <summary>
/// Cookies as a strict browser keeps them (RFC 6265bis): by host and not by port, Secure only over https even on localhost,
/// the prefixes enforced, SameSite honoured with Lax as the default.
/// </summary>
public sealed class CookieJar(TimeProvider clock)
{
    private readonly List<Cookie> cookies = [];

    public IReadOnlyList<Cookie> All => [.. cookies.Where(cookie => cookie.Expires is not { } at || at > clock.GetUtcNow())];

    public Cookie? Find(string name) => All.FirstOrDefault(cookie => cookie.Name == name);

    public void Remove(string name) => cookies.RemoveAll(cookie => cookie.Name == name);

    /// <summary>Puts a cookie back, or plants one.</summary>
    public void Add(Cookie cookie)
    {
        cookies.RemoveAll(known => (known.Name, known.Host, known.Path) == (cookie.Name, cookie.Host, cookie.Path));
        cookies.Add(cookie);
    }

    /// <summary>The browser was closed and opened again.</summary>
    public void EndBrowserSession() => cookies.RemoveAll(cookie => cookie.Expires is null);

    internal void Store(Uri url, HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues(HeaderNames.SetCookie, out var values))
        {
            return;
        }

        foreach (var set in SetCookieHeaderValue.ParseList([.. values]))
        {
            Store(url, set);
        }
    }

    public string? HeaderFor(Uri url, HttpMethod method, bool crossSite)
    {
        var sent = All.Where(cookie =>
            cookie.Host == url.Host
            && (!cookie.Secure || url.Scheme == Uri.UriSchemeHttps)
            && PathMatches(url.AbsolutePath, cookie.Path)
            && (!crossSite || cookie.SameSite == SameSiteMode.None || (cookie.SameSite == SameSiteMode.Lax && method == HttpMethod.Get)));
        var header = string.Join("; ", sent.OrderByDescending(cookie => cookie.Path.Length).Select(cookie => $"{cookie.Name}={cookie.Value}"));
        return header.Length == 0 ? null : header;
    }

    private void Store(Uri url, SetCookieHeaderValue set)
    {
        var name = set.Name.ToString();
        var https = url.Scheme == Uri.UriSchemeHttps;
        var path = set.Path.Value is ['/', ..] given ? given : DefaultPath(url);
        var refused = (set.Secure && !https)
            || (set.SameSite == SameSiteMode.None && !set.Secure)
            || (name.StartsWith("__Host-", StringComparison.Ordinal) && !(set.Secure && path == "/" && StringSegment.IsNullOrEmpty(set.Domain)))
            || (name.StartsWith("__Secure-", StringComparison.Ordinal) && !set.Secure);
        if (refused)
        {
            return;
        }

        var expires = set.MaxAge is { } age ? clock.GetUtcNow() + age : set.Expires;
        var sameSite = set.SameSite == SameSiteMode.Unspecified ? SameSiteMode.Lax : set.SameSite;
        Add(new Cookie(name, set.Value.ToString(), url.Host, path, set.Secure, set.HttpOnly, sameSite, expires));
    }

    private static bool PathMatches(string requested, string path) =>
        requested == path || (requested.StartsWith(path, StringComparison.Ordinal) && (path.EndsWith('/') || requested[path.Length] == '/'));

    private static string DefaultPath(Uri url)
    {
        var last = url.AbsolutePath.LastIndexOf('/');
        return last <= 0 ? "/" : url.AbsolutePath[..last];
    }
}

/// <param name="Expires">Null: until the browser is closed.</param>
public sealed record Cookie(string Name, string Value, string Host, string Path, bool Secure, bool HttpOnly, SameSiteMode SameSite,
    DateTimeOffset? Expires);
