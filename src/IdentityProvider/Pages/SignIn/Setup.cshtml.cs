using System.Diagnostics;
using System.Globalization;
using IdentityProvider.Accounts;
using IdentityProvider.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.Pages.SignIn;

/// <summary>Where the one-time link leads: whoever holds it makes the first administrator.</summary>
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
[ShowAgainWhenOutOfDate]
internal sealed class SetupModel(AdministratorSetup setup, SetupLinks links) : PageModel
{
    [BindProperty(Name = "token", SupportsGet = true)]
    public string? Token { get; set; }

    [BindProperty(Name = ShowAgainWhenOutOfDateAttribute.Parameter, SupportsGet = true)]
    public bool OutOfDate { get; set; }

    [BindProperty(Name = UserMembers.UserName)]
    public string? UserName { get; set; }

    [BindProperty(Name = UserMembers.Email)]
    public string? Email { get; set; }

    [BindProperty(Name = UserMembers.Password)]
    public string? Password { get; set; }

    [BindProperty(Name = RepeatedPassword)]
    public string? PasswordAgain { get; set; }

    public const string RepeatedPassword = "password-again";

    public bool LinkIsVoid { get; private set; }

    public Notice? Notice { get; private set; }

    public IReadOnlyList<UserProblem> Problems { get; private set; } = [];

    /// <summary>What is wrong with one field, or null.</summary>
    public string? ProblemOf(string member) => Problems.FirstOrDefault(problem => problem.Member == member)?.Message;

    /// <summary>Shows the form. Opening the link does not use it up.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!await links.IsGoodAsync(Token, cancellationToken))
        {
            return Void();
        }

        Notice = OutOfDate ? Notice.OutOfDate : null;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Password != PasswordAgain)
        {
            return Refuse([new UserProblem(RepeatedPassword, "The two passwords are not the same.")]);
        }

        var outcome = await setup.CompleteAsync(
            HttpContext, Token ?? "", UserName?.Trim() ?? "", Email?.Trim(), Password ?? "", cancellationToken);
        return outcome switch
        {
            SetupOutcome.Created => SeeOther.To(HttpContext, "/"),
            SetupOutcome.LinkIsVoid => Void(),
            SetupOutcome.Refused refused => Refuse(refused.Problems),
            SetupOutcome.Busy busy => Postpone(busy.RetryAfter),
            var other => throw new UnreachableException($"Unhandled outcome {other}."),
        };
    }

    private PageResult Void()
    {
        LinkIsVoid = true;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private PageResult Refuse(IReadOnlyList<UserProblem> problems)
    {
        Problems = problems;
        return Page();
    }

    private PageResult Postpone(TimeSpan retryAfter)
    {
        Notice = Notice.Busy;
        Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        Response.Headers[HeaderNames.RetryAfter] = retryAfter.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        return Page();
    }
}
