namespace IdentityProvider.Sandbox;

/// <summary>
/// Cookies ignore ports, so every application of the sandbox puts its own name in front of its cookies.
/// On https they are Secure and bound to the host by their name; on plain http they must be neither, or browsers and
/// HTTP clients drop them. Lax in both cases: the way back from a sign-in is a navigation that comes from elsewhere.
/// </summary>
/// <param name="application">The name in front.</param>
/// <param name="address">Where the application is found; its scheme decides.</param>
internal sealed class CookieStyle(string application, string address)
{
    private readonly bool https = address.StartsWith("https:", StringComparison.Ordinal);

    public void Apply(CookieBuilder cookie, string name)
    {
        cookie.Name = $"{(https ? "__Host-" : "")}{application}.{name}";
        cookie.Path = "/";
        cookie.Domain = null;
        cookie.HttpOnly = true;
        cookie.IsEssential = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = https ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
    }
}
