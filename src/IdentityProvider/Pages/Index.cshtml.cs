using IdentityProvider.Protocol;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Pages;

/// <summary>The start page: who is signed in here and, in Development, the addresses a developer needs.</summary>
internal sealed class IndexModel(SessionRegistry sessions, Issuer issuer, IHostEnvironment environment) : PageModel
{
    public Person? Person { get; private set; }

    public string IssuerValue => issuer.Value;

    public bool ShowsAddresses => environment.IsDevelopment();

    /// <summary>Name, absolute address, and whether a browser can open it to read it.</summary>
    public IReadOnlyList<(string Name, string Url, bool Readable)> Addresses =>
    [
        ("Discovery", issuer.UrlOf("/.well-known/openid-configuration"), true),
        ("Keys", issuer.UrlOf("/.well-known/jwks"), true),
        ("Authorization", issuer.UrlOf("/connect/authorize"), false),
        ("Token", issuer.UrlOf("/connect/token"), false),
        ("User info", issuer.UrlOf("/connect/userinfo"), false),
        ("Introspection", issuer.UrlOf("/connect/introspect"), false),
        ("Revocation", issuer.UrlOf("/connect/revoke"), false),
        ("Sign-out", issuer.UrlOf("/connect/logout"), false),
        ("Health", issuer.UrlOf("/health/ready"), true),
    ];

    public async Task OnGetAsync() =>
        Person = await sessions.FindCurrentAsync(HttpContext) is { } session ? Person.From(session) : null;
}
