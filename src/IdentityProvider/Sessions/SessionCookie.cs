using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Sessions;

/// <summary>
/// What a browser holds of a session: its <c>sid</c> and a secret. Nothing in it can be forged or read as data,
/// because the row knows only the hash of the secret.
/// </summary>
internal sealed class SessionCookie(CookieNames names)
{
    private const int SecretBytes = 32;

    // base64url twice, and the dot between. Anything else is not ours, and PostgreSQL takes no null character even to look for it.
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private string Name => names.For("session");

    /// <summary>A new session id and secret, with the hash to store.</summary>
    public static (string Sid, string Secret, byte[] SecretHash) New()
    {
        var sid = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return (sid, secret, HashOf(secret));
    }

    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));

    public void Write(HttpContext http, string sid, string secret, DateTimeOffset? expires)
    {
        http.Response.Cookies.Append(Name, sid + "." + secret, Attributes(expires));
        BrowserState.Follow(http, names, secret);
    }

    public void Delete(HttpContext http)
    {
        http.Response.Cookies.Delete(Name, Attributes(expires: null));
        BrowserState.Follow(http, names, secret: null);
    }

    public bool TryRead(HttpContext http, [NotNullWhen(true)] out string? sid, [NotNullWhen(true)] out string? secret)
    {
        (sid, secret) = (null, null);
        if (http.Request.Cookies[Name] is not { Length: > 0 and <= 128 } value || value.AsSpan().ContainsAnyExcept(Characters) || value.Split('.') is not [var id, var key])
        {
            return false;
        }

        (sid, secret) = (id, key);
        return id.Length > 0 && key.Length > 0;
    }

    // Lax, because a client's redirect to the authorization endpoint must find the session (RFC 6265bis §8.8.2).
    private CookieOptions Attributes(DateTimeOffset? expires)
    {
        var attributes = names.Options();
        attributes.Expires = expires;
        return attributes;
    }
}
