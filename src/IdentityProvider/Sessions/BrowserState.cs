using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Sessions;

/// <summary>
/// What clients' pages may watch of this browser (OpenID Connect Session Management §3.2, the "OP browser state"): a cookie that scripts of this
/// server can read, another one for each session, and none when nobody is signed in. It says only that something is as it was.
/// Only browsers that met a client which watches have it; from then on it follows the session's cookie.
/// </summary>
internal sealed class BrowserState(CookieNames names, SessionCookie cookie)
{
    private const string Cookie = "browser-state";
    private static readonly byte[] label = Encoding.ASCII.GetBytes("IdentityProvider.BrowserState:");

    /// <summary>The name of the cookie, for the script that reads it.</summary>
    public string CookieName => names.For(Cookie);

    /// <summary>Makes the cookie what it has to be for this request's session and returns it; empty when there is none.</summary>
    public string Update(HttpContext http, CurrentSession? session)
    {
        var known = http.Request.Cookies[CookieName] ?? "";
        var hasSessionCookie = cookie.TryRead(http, out _, out var secret);
        if (session is null && !hasSessionCookie && (!HttpMethods.IsGet(http.Request.Method) || http.Request.Headers["Sec-Fetch-Dest"] != "document"))
        {
            // In a frame of another site, and with a form posted from there, this cookie comes and the session's does not:
            // that nobody seems to be signed in means nothing.
            return known;
        }

        var state = session is null || secret is null ? "" : Of(secret);
        if (state != known)
        {
            Write(http, names, state);
        }

        return state;
    }

    /// <summary>The <c>session_state</c> of an answer to a client at this origin (§2, §3.2). The script at the frame makes the same.</summary>
    public static string SessionState(string clientId, string origin, string state)
    {
        var salt = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{clientId} {origin} {state} {salt}"))) + "." + salt;
    }

    /// <summary>The session's cookie was written or removed.</summary>
    public static void Follow(HttpContext http, CookieNames names, string? secret)
    {
        if (http.Request.Cookies.ContainsKey(names.For(Cookie)))
        {
            Write(http, names, secret is null ? "" : Of(secret));
        }
    }

    // One way from 256 random bits, and not the hash that the session's row has: whoever reads it learns nothing that opens anything.
    private static string Of(string secret) =>
        Base64Url.EncodeToString(SHA256.HashData([.. label, .. SessionCookie.HashOf(secret)]));

    private static void Write(HttpContext http, CookieNames names, string state)
    {
        var attributes = names.Options();
        attributes.HttpOnly = false;
        // Read within a frame on a client's page. Without Secure, browsers take no cookie for other sites; plain http is for development.
        attributes.SameSite = attributes.Secure ? SameSiteMode.None : SameSiteMode.Lax;
        if (state.Length == 0)
        {
            http.Response.Cookies.Delete(names.For(Cookie), attributes);
        }
        else
        {
            http.Response.Cookies.Append(names.For(Cookie), state, attributes);
        }
    }
}
