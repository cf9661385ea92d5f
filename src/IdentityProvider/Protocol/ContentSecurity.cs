using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Protocol;

/// <summary>The Content-Security-Policy of this server's pages: nothing but its own files, and forms that end here or where a page says.</summary>
internal static class ContentSecurity
{
    private static readonly object FormActionKey = new();

    /// <summary>
    /// Lets forms on the page of this request end, through redirects, at <paramref name="sources"/> too.
    /// Browsers apply form-action to every hop after a form post, so a consent page must name its client's origin.
    /// </summary>
    /// <param name="http">The request being answered.</param>
    /// <param name="sources">Origins or schemes (<c>https://app.example</c>, <c>com.example.app:</c>). What is not one source expression is left out.</param>
    public static void AllowFormAction(this HttpContext http, IEnumerable<string> sources)
    {
        if (http.Items.TryGetValue(FormActionKey, out var known) && known is HashSet<string> allowed)
        {
            allowed.UnionWith(sources.Where(IsOneSource));
            return;
        }

        http.Items[FormActionKey] = new HashSet<string>(sources.Where(IsOneSource), StringComparer.Ordinal);
    }

    /// <summary>The header for this response.</summary>
    public static string PolicyFor(HttpContext http)
    {
        var formAction = http.Items.TryGetValue(FormActionKey, out var known) && known is HashSet<string> { Count: > 0 } allowed
            ? "'self' " + string.Join(' ', allowed)
            : "'self'";
        return "default-src 'none'; style-src 'self'; img-src 'self' https: data:; script-src 'self'; form-action "
            + formAction + "; frame-ancestors 'none'; base-uri 'none'";
    }

    // A source comes from a client's registration: a semicolon, comma or space in it would write another directive.
    private static bool IsOneSource(string source) =>
        source.Length is > 0 and <= 512
        && source.All(character => character is > ' ' and < '\x7f' and not (';' or ',' or '\'' or '"'));
}
