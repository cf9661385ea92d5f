using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace IdentityProvider.Pages.Account;

/// <summary>A person's own page.</summary>
internal sealed class IndexModel(SessionRegistry sessions) : PageModel
{
    public CurrentSession Session { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        if (await sessions.FindCurrentAsync(HttpContext) is not { } session)
        {
            return LocalRedirect("~/login?return_url=/account");
        }

        Session = session;
        return Page();
    }
}
