using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace IdentityProvider.Pages.Account;

/// <summary>A person's own page.</summary>
internal sealed class IndexModel(PresentedSessions sessions) : PageModel
{
    public CurrentSession Session { get; private set; } = null!;

    public async Task OnGetAsync() =>
        Session = await sessions.FindAsync(HttpContext) ?? throw new InvalidOperationException("This folder asks for a session first.");
}
