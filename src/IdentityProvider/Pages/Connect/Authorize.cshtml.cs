using System.Diagnostics;
using IdentityProvider.Authorize;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OpenIddict.Server.AspNetCore;

namespace IdentityProvider.Pages.Connect;

/// <summary>The authorization endpoint, behind the library's own validation.</summary>
// A client's site posts here too; what protects this endpoint is that nothing happens without the person's answer on our own pages.
[IgnoreAntiforgeryToken]
internal sealed class AuthorizeModel(AuthorizationEndpoint endpoint) : PageModel
{
    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) => HandleAsync(cancellationToken);

    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) => HandleAsync(cancellationToken);

    private async Task<IActionResult> HandleAsync(CancellationToken cancellationToken) =>
        await endpoint.HandleAsync(HttpContext, cancellationToken) switch
        {
            AuthorizationStep.Issue issue => SignIn(issue.Principal, Scheme),
            AuthorizationStep.Refuse refuse => Forbid(ErrorProperties(refuse), Scheme),
            AuthorizationStep.GoTo page => SeeOther.To(HttpContext, page.Path),
            var other => throw new UnreachableException($"Unhandled step {other}."),
        };

    private static AuthenticationProperties ErrorProperties(AuthorizationStep.Refuse refuse) => new(new Dictionary<string, string?>
    {
        [OpenIddictServerAspNetCoreConstants.Properties.Error] = refuse.Error,
        [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = refuse.Description,
    });
}
