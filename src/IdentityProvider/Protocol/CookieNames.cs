using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Protocol;

/// <summary>
/// How this server's cookies are called and scoped.
/// On https the <c>__Host-</c> prefix makes browsers refuse a cookie that a neighbouring host or plain http tries to plant;
/// on plain http, which only development uses, Secure cookies would be lost.
/// </summary>
internal sealed class CookieNames(Issuer issuer)
{
    /// <summary>The full name, such as <c>__Host-idp.session</c> for <c>session</c>.</summary>
    public string For(string name) => (issuer.IsHttps ? "__Host-idp." : "idp.") + name;

    /// <summary>The attributes every cookie of ours has; add a lifetime where one is wanted.</summary>
    public CookieOptions Options() => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = issuer.IsHttps,
        Path = "/",
        IsEssential = true,
    };

    /// <summary>Gives a framework's cookie our name and attributes.</summary>
    public void Apply(CookieBuilder cookie, string name)
    {
        cookie.Name = For(name);
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = issuer.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        // The prefix is only honoured with the path "/", also where the issuer has a path.
        cookie.Path = "/";
        cookie.Domain = null;
        cookie.IsEssential = true;
    }
}
