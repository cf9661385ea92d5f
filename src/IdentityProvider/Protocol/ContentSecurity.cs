using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Protocol;

/// <summary>
/// The Content-Security-Policy of this server's pages: nothing but its own files, forms that end here or where a page says,
/// and no frames, neither in a page nor around it, but those that a page names.
/// </summary>
internal static class ContentSecurity
{
    private static readonly HashSet<string> none = [];
    private static readonly string usual = Policy(none, none, none);

    private static readonly object FormActionKey = new();
    private static readonly object FramesKey = new();
    private static readonly object FramingKey = new();

    /// <summary>
    /// Lets forms on the page of this request end, through redirects, at <paramref name="sources"/> too.
    /// Browsers apply form-action to every hop after a form post, so a consent page must name its client's origin.
    /// </summary>
    /// <param name="http">The request being answered.</param>
    /// <param name="sources">Origins or schemes (<c>https://app.example</c>, <c>com.example.app:</c>). What is not one source expression is left out.</param>
    public static void AllowFormAction(this HttpContext http, IEnumerable<string> sources) => Allow(http, FormActionKey, sources);

    /// <summary>Lets the page of this request show pages of these origins in frames.</summary>
    public static void AllowFrames(this HttpContext http, IEnumerable<string> origins) => Allow(http, FramesKey, origins);

    /// <summary>Lets pages of these origins show the page of this request in a frame.</summary>
    public static void AllowFraming(this HttpContext http, IEnumerable<string> origins) => Allow(http, FramingKey, origins);

    /// <summary>Whether anybody may show this response in a frame; <c>X-Frame-Options</c> can only say nobody.</summary>
    public static bool MayBeFramed(HttpContext http) => Allowed(http, FramingKey).Count > 0;

    /// <summary>The header for this response.</summary>
    public static string PolicyFor(HttpContext http)
    {
        var (formAction, frames, framing) = (Allowed(http, FormActionKey), Allowed(http, FramesKey), Allowed(http, FramingKey));
        return formAction.Count + frames.Count + framing.Count == 0 ? usual : Policy(formAction, frames, framing);
    }

    private static string Policy(HashSet<string> formAction, HashSet<string> frames, HashSet<string> framing) =>
        "default-src 'none'; style-src 'self'; img-src 'self' https: data:; script-src 'self'"
        + (frames.Count > 0 ? "; frame-src " + string.Join(' ', frames) : "")
        + "; form-action " + string.Join(' ', formAction.Prepend("'self'"))
        + "; frame-ancestors " + (framing.Count > 0 ? string.Join(' ', framing) : "'none'")
        + "; base-uri 'none'";

    private static void Allow(HttpContext http, object key, IEnumerable<string> sources)
    {
        http.Items[key] = Allowed(http, key).Concat(sources.Where(IsOneSource)).ToHashSet(StringComparer.Ordinal);
    }

    private static HashSet<string> Allowed(HttpContext http, object key) =>
        http.Items.TryGetValue(key, out var known) && known is HashSet<string> allowed ? allowed : none;

    // A source comes from a client's registration: a semicolon, comma or space in it would write another directive.
    private static bool IsOneSource(string source) =>
        source.Length is > 0 and <= 512
        && source.All(character => character is > ' ' and < '\x7f' and not (';' or ',' or '\'' or '"'));
}
