using IdentityProvider.Protocol;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Pages;

/// <summary>The start page: who is signed in here and, in Development, the addresses a developer needs.</summary>
internal sealed class IndexModel(PresentedSessions sessions, Issuer issuer, IHostEnvironment environment) : PageModel
{
    public Person? Person { get; private set; }

    public string IssuerValue => issuer.Value;

    public bool ShowsAddresses => environment.IsDevelopment();

    /// <summary>Name, path on this server, and whether a browser can open it to read it.</summary>
    public IReadOnlyList<(string Name, string Path, bool Readable)> Addresses { get; } =
    [
        ("Discovery", issuer.PathBase + "/.well-known/openid-configuration", true),
        ("Keys", issuer.PathBase + "/.well-known/jwks", true),
        ("Authorization", issuer.PathBase + "/connect/authorize", false),
        ("Token", issuer.PathBase + "/connect/token", false),
        ("User info", issuer.PathBase + "/connect/userinfo", false),
        ("Pushed authorization", issuer.PathBase + "/connect/par", false),
        ("Device authorization", issuer.PathBase + "/connect/device", false),
        ("Introspection", issuer.PathBase + "/connect/introspect", false),
        ("Revocation", issuer.PathBase + "/connect/revoke", false),
        ("Sign-out", issuer.PathBase + "/connect/logout", false),
        ("Health", issuer.PathBase + "/health/ready", true),
    ];

    public async Task OnGetAsync() =>
        Person = await sessions.FindAsync(HttpContext) is { } session ? Person.From(session) : null;
}
