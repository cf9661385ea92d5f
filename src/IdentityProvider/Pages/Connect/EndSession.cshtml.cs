using IdentityProvider.Logout;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OpenIddict.Server.AspNetCore;

namespace IdentityProvider.Pages.Connect;

/// <summary>The end-session endpoint, behind the library's own validation.</summary>
// A client's site posts here too; without proof of who sent it, nothing ends before the person confirms on our own page.
[IgnoreAntiforgeryToken]
internal sealed class EndSessionModel(EndSessionEndpoint endpoint) : PageModel
{
    public Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) => HandleAsync(cancellationToken);

    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) => HandleAsync(cancellationToken);

    private async Task<IActionResult> HandleAsync(CancellationToken cancellationToken) =>
        await endpoint.HandleAsync(HttpContext, cancellationToken) switch
        {
            LogoutStep.Done done => SignOut(
                new AuthenticationProperties { RedirectUri = Request.PathBase + LogoutStep.LoggedOutPage + done.Telling },
                OpenIddictServerAspNetCoreDefaults.AuthenticationScheme),
            LogoutStep.Again again => SeeOther.ToEndpoint(HttpContext, Endpoints.EndSession, again.Parameters),
            LogoutStep.Ask ask => SeeOther.To(HttpContext, ask.Path),
            var ended => SignedOut.Answer(HttpContext, ended),
        };
}
