using IdentityProvider.Logout;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace IdentityProvider.Pages.Connect;

/// <summary>Says that somebody is signed out, and of which apps. Loaded again, it shows how far that has come by then.</summary>
internal sealed class LoggedOutModel(LogoutReceipts receipts) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "receipt")]
    public string? SealedReceipt { get; set; }

    public LogoutReceipt? Receipt { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken) => Receipt = await receipts.FindAsync(SealedReceipt, cancellationToken);
}
