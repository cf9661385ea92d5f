using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Authorize;

/// <summary>
/// Ties a pending request to the browser that started it: whoever merely learns its id, from a log or over a shoulder, cannot continue it.
/// </summary>
internal sealed class BrowserBinding(CookieNames names)
{
    private static readonly object FreshKey = new();

    private string Name => names.For("browser");

    /// <summary>The hash of this browser's cookie, or null when it has none.</summary>
    public byte[]? Find(HttpContext http) =>
        http.Items.TryGetValue(FreshKey, out var fresh) ? HashOf((string)fresh!)
        : http.Request.Cookies[Name] is { Length: > 0 and <= 128 } value ? HashOf(value)
        : null;

    /// <summary>The hash of this browser's cookie, which it gets now when it has none and keeps for as long as a request may wait.</summary>
    public byte[] Ensure(HttpContext http)
    {
        if (http.Items.TryGetValue(FreshKey, out var fresh))
        {
            return HashOf((string)fresh!);
        }

        var value = http.Request.Cookies[Name] is { Length: > 0 and <= 128 } known
            ? known
            : Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var attributes = names.Options();
        attributes.MaxAge = PendingRequests.Lifetime;
        http.Response.Cookies.Append(Name, value, attributes);
        http.Items[FreshKey] = value;
        return HashOf(value);
    }

    private static byte[] HashOf(string value) => SHA256.HashData(Encoding.UTF8.GetBytes(value));
}
