using IdentityProvider.Clients;
using IdentityProvider.Protocol;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace IdentityProvider.Pages.Connect;

/// <summary>
/// The page that clients hold in a frame to watch the browser's session (OpenID Connect Session Management §3.2): the one page that may be framed,
/// by clients that registered for it. The same for everybody; its script knows the rest.
/// </summary>
internal sealed class CheckSessionModel(ClientCatalog clients, BrowserState browser) : PageModel
{
    public string CookieName => browser.CookieName;

    public IReadOnlySet<string> Origins { get; private set; } = new HashSet<string>();

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Origins = await clients.WatchingOriginsAsync(cancellationToken);
        if (Origins.Count == 0)
        {
            return NotFound();
        }

        HttpContext.AllowFraming(Origins);
        // Every page of every client that watches loads it; a client that registers now waits no longer than this.
        Response.Headers.CacheControl = "public, max-age=300";
        return Page();
    }
}
