using System.Diagnostics;
using System.Globalization;
using IdentityProvider.Authorize;
using IdentityProvider.DeviceAuthorization;
using IdentityProvider.Pages.SignIn;
using IdentityProvider.Scopes;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.Pages.Device;

/// <summary>
/// Where a person brings the code of a device, sees what asks for their account, and answers (RFC 8628 §3.3).
/// A code that came with the address is only filled in: the person still says that it is the one on their device (§3.3.1, §5.4).
/// </summary>
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
[ShowAgainWhenOutOfDate]
internal sealed class DeviceModel(DeviceApprovals approvals, PresentedSessions sessions, ScopeCatalog scopes, TimeProvider clock) : PageModel
{
    private const int LongestAgentShown = 120;

    [BindProperty(Name = AnswerDevice.UserCodeParameter, SupportsGet = true)]
    public string? UserCode { get; set; }

    [BindProperty(Name = "device-allow")]
    public string? Allowed { get; set; }

    [BindProperty(Name = "device-deny")]
    public string? Denied { get; set; }

    [BindProperty(Name = ShowAgainWhenOutOfDateAttribute.Parameter, SupportsGet = true)]
    public bool OutOfDate { get; set; }

    /// <summary>The request behind the code; null while there is a code to be typed.</summary>
    public DeviceQuestion.Ask? Question { get; private set; }

    public IReadOnlyList<Permission> Permissions { get; private set; } = [];

    public Notice? Notice { get; private set; }

    public Person Person { get; private set; } = new("", "");

    public bool IsPrefilled { get; private set; }

    public string AskedAgo => (int)(clock.GetUtcNow().UtcDateTime - Question!.Request.CreatedAt).TotalMinutes switch
    {
        < 1 => "Just now",
        1 => "1 minute ago",
        var minutes => $"{minutes} minutes ago",
    };

    /// <summary>The device's own words about itself.</summary>
    public string? SaysItIs => Question!.Request.UserAgent is { Length: > LongestAgentShown } agent ? agent[..LongestAgentShown] + "…" : Question.Request.UserAgent;

    public async Task<IActionResult> OnGetAsync()
    {
        if (await ReadPersonAsync() is null)
        {
            return Challenge();
        }

        if (DeviceAuthorization.UserCode.Parse(UserCode) is { } code)
        {
            (UserCode, IsPrefilled) = (code.Shown, true);
        }

        Notice = OutOfDate ? Notice.OutOfDate : null;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await ReadPersonAsync() is not { } session)
        {
            return Challenge();
        }

        switch (await approvals.FindAsync(session, HttpContext.Connection.RemoteIpAddress, UserCode, cancellationToken))
        {
            case DeviceQuestion.Ask question when Allowed is not null:
                return await approvals.AllowAsync(question, session, cancellationToken) ? SeeOther.To(HttpContext, "/device/allowed") : Refuse();
            case DeviceQuestion.Ask question when Denied is not null:
                return await approvals.DenyAsync(question, session, cancellationToken) ? SeeOther.To(HttpContext, "/device/denied") : Refuse();
            case DeviceQuestion.Ask question:
                return await AskAsync(question, cancellationToken);
            case DeviceQuestion.SignInAgain again:
                return SeeOther.To(HttpContext, SignInFor(again.Code));
            case DeviceQuestion.NoSuchCode:
                return Refuse();
            case DeviceQuestion.TooMany many:
                return Postpone(many.RetryAfter);
            case var other:
                throw new UnreachableException($"Unhandled question {other}.");
        }
    }

    private async Task<CurrentSession?> ReadPersonAsync()
    {
        var session = await sessions.FindAsync(HttpContext);
        if (session is not null)
        {
            Person = Person.From(session);
        }

        return session;
    }

    private async Task<IActionResult> AskAsync(DeviceQuestion.Ask question, CancellationToken cancellationToken)
    {
        var known = await scopes.GetAsync(cancellationToken);
        Permissions = [.. known.Find(question.Scopes).Select(scope => Permission.Of(scope, known))];
        Question = question;
        Person = Person with { SwitchUrl = Url.Content("~" + SignInFor(question.Code)) };
        return Page();
    }

    // Asks for a name and a password although somebody is signed in, and comes back with the code.
    private static string SignInFor(DeviceAuthorization.UserCode code) =>
        SignInPaths.Login(null, $"{AnswerDevice.Page}?{AnswerDevice.UserCodeParameter}={code}") + "&another=true";

    private PageResult Refuse()
    {
        Notice = Notice.WrongUserCode;
        return Page();
    }

    private PageResult Postpone(TimeSpan retryAfter)
    {
        Notice = Notice.TooManyUserCodes;
        Response.StatusCode = StatusCodes.Status429TooManyRequests;
        Response.Headers[HeaderNames.RetryAfter] = retryAfter.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        return Page();
    }
}
