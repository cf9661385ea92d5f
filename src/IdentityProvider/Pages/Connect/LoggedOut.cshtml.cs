using IdentityProvider.Logout;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace IdentityProvider.Pages.Connect;

/// <summary>
/// Says that somebody is signed out, and of which apps; loaded again, it shows how far that has come by then.
/// Tells clients through frames, and sends the person on to the client that asked.
/// </summary>
internal sealed class LoggedOutModel(FrontChannelLogout frontChannel, LogoutReceipts receipts) : PageModel
{
    // For browsers without scripts, and late enough that the frames can load; the script goes on as soon as they have.
    private const string Patience = "5";

    [BindProperty(SupportsGet = true, Name = FrontChannelLogout.Parameter)]
    public string? SealedApps { get; set; }

    [BindProperty(SupportsGet = true, Name = LogoutReceipts.Parameter)]
    public string? SealedReceipt { get; set; }

    public FrontChannelPage? FrontChannel { get; private set; }

    public LogoutReceipt? Receipt { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Receipt = await receipts.FindAsync(SealedReceipt, cancellationToken);
        FrontChannel = await frontChannel.OpenAsync(SealedApps, cancellationToken);
        HttpContext.AllowFrames(FrontChannel?.Frames.Select(frame => frame.Origin) ?? []);
        if (FrontChannel?.Return is { } back)
        {
            Response.Headers["Refresh"] = $"{Patience}; url={back.Address}";
        }
    }
}
