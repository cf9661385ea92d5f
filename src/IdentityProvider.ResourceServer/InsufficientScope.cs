using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.ResourceServer;

/// <summary>
/// Tells a caller which scope to come back with (RFC 6750 section 3.1).
/// The handler that finds a scope missing and the one that writes the answer meet in the request's items.
/// </summary>
internal static class InsufficientScope
{
    private static readonly object key = new();

    public static void Remember(HttpContext http, RequiredScopes requirement)
    {
        if (http.Items.TryGetValue(key, out var value) && value is List<string> needed)
        {
            needed.AddRange(requirement.Scopes.Except(needed, StringComparer.Ordinal).ToList());
        }
        else
        {
            http.Items[key] = requirement.Scopes.ToList();
        }
    }

    public static void Answer(HttpContext http)
    {
        if (http.Items.TryGetValue(key, out var value) && value is List<string> needed)
        {
            http.Response.StatusCode = (int)HttpStatusCode.Forbidden;
            // Scopes hold neither quotes nor backslashes (RequiredScopes sees to it), so nothing needs escaping.
            http.Response.Headers.Append(
                HeaderNames.WWWAuthenticate, $"Bearer error=\"insufficient_scope\", scope=\"{string.Join(' ', needed)}\"");
        }
    }
}
