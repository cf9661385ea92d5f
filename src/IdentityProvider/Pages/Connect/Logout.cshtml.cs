using IdentityProvider.Logout;
using IdentityProvider.Protocol;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace IdentityProvider.Pages.Connect;

/// <summary>Asks a person whether they want to sign out, and does it.</summary>
internal sealed class LogoutModel(EndSessionEndpoint endpoint, LogoutRequests requests, PresentedSessions sessions) : PageModel
{
    /// <summary>The client's request, sealed; absent when the person came by themselves.</summary>
    [BindProperty(SupportsGet = true, Name = "request")]
    public string? SealedRequest { get; set; }

    [BindProperty(Name = "logout-cancel")]
    public string? Cancelled { get; set; }

    public Person Person { get; private set; } = new("", "");

    public string? ClientName { get; private set; }

    public Tile Tile { get; private set; } = Tile.Product;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(HttpContext) is not { } session)
        {
            return SeeOther.To(HttpContext, LogoutStep.LoggedOutPage);
        }

        Person = Person.From(session);
        if (await requests.FindClientAsync(SealedRequest, cancellationToken) is { } client)
        {
            ClientName = client.DisplayName;
            Tile = new Tile(client.DisplayName, client.Metadata.LogoUri);
            HttpContext.AllowFormAction(client.Metadata.PostLogoutRedirectUris.Select(address => new Uri(address).GetLeftPart(UriPartial.Authority)));
        }

        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Cancelled is not null)
        {
            return SeeOther.To(HttpContext, "/");
        }

        return SignedOut.Answer(HttpContext, await endpoint.ConfirmAsync(HttpContext, SealedRequest, cancellationToken));
    }
}
