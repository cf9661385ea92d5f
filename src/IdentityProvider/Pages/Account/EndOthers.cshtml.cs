using IdentityProvider.Pages.SignIn;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace IdentityProvider.Pages.Account;

/// <summary>Asks whether to sign out everywhere but here, and does it.</summary>
[ShowAgainWhenOutOfDate]
internal sealed class EndOthersModel(PresentedSessions presented, SessionRegistry sessions, SessionList list) : PageModel
{
    [BindProperty(Name = ShowAgainWhenOutOfDateAttribute.Parameter, SupportsGet = true)]
    public bool OutOfDate { get; set; }

    public Person Person { get; private set; } = new("", "");

    public int Others { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (await presented.FindAsync(HttpContext) is not { } current)
        {
            return Challenge();
        }

        Person = Person.From(current);
        Others = await list.CountAsync(current.UserId, cancellationToken) - 1;
        return Others > 0 ? Page() : SeeOther.To(HttpContext, SessionsModel.Path);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await presented.FindAsync(HttpContext) is not { } current)
        {
            return Challenge();
        }

        await sessions.EndOthersAsync(current, SessionEndReason.SignedOut, cancellationToken);
        return SeeOther.To(HttpContext, SessionNotices.After(SessionsModel.Path, SessionNotices.Others));
    }
}
