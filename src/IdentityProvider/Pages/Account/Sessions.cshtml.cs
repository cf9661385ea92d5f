using IdentityProvider.Logout;
using IdentityProvider.Pages.Connect;
using IdentityProvider.Pages.SignIn;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace IdentityProvider.Pages.Account;

/// <summary>Where a person is signed in, and how they end it.</summary>
[ShowAgainWhenOutOfDate]
internal sealed class SessionsModel(PresentedSessions presented, SessionRegistry sessions, SessionList list, EndSessionEndpoint logout, TimeProvider clock) : PageModel
{
    public const string Path = "/account/sessions";

    private const int MostElsewhere = 100;

    /// <summary>Which session to end, as the form says.</summary>
    [BindProperty(Name = "session")]
    public string? Sid { get; set; }

    /// <summary>What the form before this page did.</summary>
    [BindProperty(SupportsGet = true, Name = "done")]
    public string? Done { get; set; }

    [BindProperty(Name = ShowAgainWhenOutOfDateAttribute.Parameter, SupportsGet = true)]
    public bool OutOfDate { get; set; }

    /// <summary>This device.</summary>
    public SessionLine? Here { get; private set; }

    public IReadOnlyList<SessionLine> Elsewhere { get; private set; } = [];

    public bool HasMore { get; private set; }

    public IReadOnlyList<(string Name, Moment Since)> LastingApps { get; private set; } = [];

    public Notice? Notice => OutOfDate ? SessionNotices.OutOfDate : SessionNotices.Of(Done);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (await presented.FindAsync(HttpContext) is not { } current)
        {
            return Challenge();
        }

        var now = clock.GetUtcNow().UtcDateTime;
        var found = await list.FindAsync(current.UserId, clientId: null, current.Sid, MostElsewhere + 2, cancellationToken);
        var upstream = await list.UpstreamProviderAsync(current.UserId, cancellationToken);
        var lines = found.Select(listed => new SessionLine(listed, listed.Session.Id == current.Sid, upstream, now)).ToList();
        Here = lines.Find(line => line.IsThisDevice);
        Elsewhere = [.. lines.Where(line => !line.IsThisDevice).Take(MostElsewhere)];
        HasMore = lines.Count > MostElsewhere + 1;
        LastingApps = [.. (await list.LastingAppsAsync(current.Subject, cancellationToken)).Select(app => (app.Name, new Moment(app.Since, now)))];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await presented.FindAsync(HttpContext) is not { } current)
        {
            return Challenge();
        }

        // What the page showed may have gone on under another sid since: the device is the same. Somebody else's, an unknown and an ended one
        // are the same, too: not one of this person's.
        var meant = Sid is { Length: > 0 } sid && await list.ContainsAsync(current.UserId, sid, cancellationToken)
            ? await list.FindSuccessorAsync(sid, cancellationToken)
            : null;
        if (meant?.Id == current.Sid)
        {
            return SignedOut.Answer(HttpContext, await logout.ConfirmAsync(HttpContext, sealedRequest: null, cancellationToken));
        }

        if (meant is null || !await sessions.EndWithSuccessorsAsync(meant.Id, SessionEndReason.SignedOut, cancellationToken))
        {
            return SeeOther.To(HttpContext, SessionNotices.After(Path, SessionNotices.Gone));
        }

        return SeeOther.To(HttpContext, SessionNotices.After(Path, SessionNotices.Ended));
    }
}
