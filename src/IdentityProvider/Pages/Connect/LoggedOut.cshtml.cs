using IdentityProvider.Logout;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace IdentityProvider.Pages.Connect;

/// <summary>After signing out: tells clients through frames, and sends the person on to the client that asked.</summary>
internal sealed class LoggedOutModel(FrontChannelLogout frontChannel) : PageModel
{
    // For browsers without scripts, and late enough that the frames can load; the script goes on as soon as they have.
    private const string Patience = "5";

    [BindProperty(SupportsGet = true, Name = FrontChannelLogout.Parameter)]
    public string? SealedApps { get; set; }

    public FrontChannelPage? FrontChannel { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        FrontChannel = await frontChannel.OpenAsync(SealedApps, cancellationToken);
        HttpContext.AllowFrames(FrontChannel?.Frames.Select(frame => frame.Origin) ?? []);
        if (FrontChannel?.Return is { } back)
        {
            Response.Headers["Refresh"] = $"{Patience}; url={back.Address}";
        }
    }
}
