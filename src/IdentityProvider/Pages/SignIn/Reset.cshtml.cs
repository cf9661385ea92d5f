using System.Diagnostics;
using System.Globalization;
using IdentityProvider.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.Pages.SignIn;

/// <summary>Where a link leads that somebody was handed because they cannot sign in: whoever holds it chooses the account's password.</summary>
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
[ShowAgainWhenOutOfDate]
internal sealed class ResetModel(PasswordResets resets) : PageModel
{
    [BindProperty(Name = "token", SupportsGet = true)]
    public string? Token { get; set; }

    [BindProperty(Name = ShowAgainWhenOutOfDateAttribute.Parameter, SupportsGet = true)]
    public bool OutOfDate { get; set; }

    [BindProperty(Name = UserMembers.Password)]
    public string? Password { get; set; }

    [BindProperty(Name = "password-again")]
    public string? PasswordAgain { get; set; }

    public bool LinkIsVoid { get; private set; }

    public bool IsDone { get; private set; }

    public Notice? Notice { get; private set; }

    /// <summary>What is wrong with the password.</summary>
    public string? Problem { get; private set; }

    /// <summary>What is wrong with its repetition.</summary>
    public string? Repeated { get; private set; }

    public string? UserName { get; private set; }

    /// <summary>Shows the form. Opening the link does not use it up.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Notice = OutOfDate ? Notice.OutOfDate : null;
        return await ShowAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Password != PasswordAgain)
        {
            Repeated = "The two passwords are not the same.";
            return await ShowAsync(cancellationToken);
        }

        switch (await resets.CompleteAsync(Token ?? "", Password ?? "", cancellationToken))
        {
            case PasswordResetOutcome.Changed:
                IsDone = true;
                return Page();
            case PasswordResetOutcome.LinkIsVoid:
                return Void();
            case PasswordResetOutcome.Refused refused:
                Problem = refused.Problem;
                return await ShowAsync(cancellationToken);
            case PasswordResetOutcome.Busy busy:
                Notice = Notice.Busy;
                Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                Response.Headers[HeaderNames.RetryAfter] = busy.RetryAfter.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
                return await ShowAsync(cancellationToken);
            case var other:
                throw new UnreachableException($"Unhandled outcome {other}.");
        }
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancellationToken)
    {
        if (await resets.FindAsync(Token, cancellationToken) is not { } user)
        {
            return Void();
        }

        UserName = user.UserName;
        return Page();
    }

    private PageResult Void()
    {
        LinkIsVoid = true;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
