using System.Diagnostics;
using System.Globalization;
using IdentityProvider.Accounts;
using IdentityProvider.Authorize;
using IdentityProvider.Federation;
using IdentityProvider.Protocol;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.Pages.SignIn;

/// <summary>Where a person signs in, chooses the account they are signed in with, or gives up.</summary>
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
[ShowAgainWhenOutOfDate]
internal sealed class LoginModel(
    PasswordSignIn passwordSignIn, Interactions interactions, PresentedSessions sessions, ExternalProviders providers) : PageModel
{
    /// <summary>The id of the request that waits for this person.</summary>
    [BindProperty(Name = "pending", SupportsGet = true)]
    public string? Pending { get; set; }

    /// <summary>Where to go afterwards when no request waits.</summary>
    [BindProperty(Name = "return_url", SupportsGet = true)]
    public string? ReturnTo { get; set; }

    /// <summary>Set by "Use another account": asks for a name although somebody is signed in.</summary>
    [BindProperty(Name = "another", SupportsGet = true)]
    public bool Another { get; set; }

    [BindProperty(Name = ShowAgainWhenOutOfDateAttribute.Parameter, SupportsGet = true)]
    public bool OutOfDate { get; set; }

    [BindProperty(Name = "username")]
    public string? UserName { get; set; }

    [BindProperty(Name = "password")]
    public string? Password { get; set; }

    [BindProperty(Name = "remember")]
    public bool Remember { get; set; }

    public Interaction? Interaction { get; private set; }

    public LoginView View { get; private set; } = LoginView.Form;

    public Notice? Notice { get; private set; }

    public Person? Person { get; private set; }

    public IReadOnlyList<ExternalProvider> Providers => providers.All;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!await ReadInteractionAsync(cancellationToken))
        {
            return Expired();
        }

        var session = await sessions.FindAsync(HttpContext);
        if (session is not null && !Another)
        {
            if (Interaction is null)
            {
                return Go();
            }

            if (Interaction.OffersAccountChoice)
            {
                (View, Person) = (LoginView.Choice, Person.From(session));
                return Page();
            }
        }

        UserName = Interaction?.LoginHint;
        Notice = OutOfDate ? Notice.OutOfDate : null;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!await ReadInteractionAsync(cancellationToken))
        {
            return Expired();
        }

        var outcome = await passwordSignIn.AttemptAsync(
            HttpContext, UserName ?? "", Password ?? "", Remember, Interaction?.ClientId, cancellationToken);
        return outcome switch
        {
            PasswordSignInOutcome.SignedIn => await ResumeAsync(cancellationToken),
            PasswordSignInOutcome.Refused => Refuse(),
            PasswordSignInOutcome.Busy busy => Postpone(busy.RetryAfter),
            var other => throw new UnreachableException($"Unhandled outcome {other}."),
        };
    }

    /// <summary>The person goes on with the account they are signed in with.</summary>
    public async Task<IActionResult> OnPostChooseAsync(CancellationToken cancellationToken)
    {
        if (!await ReadInteractionAsync(cancellationToken) || Interaction is null)
        {
            return Expired();
        }

        if (await sessions.FindAsync(HttpContext) is { } session)
        {
            await interactions.ChooseSessionAsync(Interaction, session.Sid, cancellationToken);
        }

        return await ResumeAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostCancelAsync(CancellationToken cancellationToken)
    {
        if (!await ReadInteractionAsync(cancellationToken) || Interaction is null)
        {
            return Expired();
        }

        await interactions.DenyAsync(Interaction, cancellationToken);
        return Go();
    }

    // False when a request was named that this browser cannot go on with.
    private async Task<bool> ReadInteractionAsync(CancellationToken cancellationToken)
    {
        HttpContext.AllowFormAction(providers.All.SelectMany(provider => provider.FormActionSources));
        if (Pending is null)
        {
            return true;
        }

        Interaction = await interactions.FindAsync(Pending, cancellationToken);
        if (Interaction is not null)
        {
            HttpContext.AllowFormAction(Interaction.FormActionSources);
        }

        return Interaction is not null;
    }

    private async Task<IActionResult> ResumeAsync(CancellationToken cancellationToken)
    {
        if (Interaction is not null)
        {
            await interactions.ResumeAsync(Interaction, cancellationToken);
        }

        return Go();
    }

    private IActionResult Go() => SeeOther.To(HttpContext, Interaction?.ContinueUrl ?? ReturnUrl.Parse(ReturnTo).Value);

    private PageResult Refuse()
    {
        Notice = Notice.WrongNameOrPassword;
        return Page();
    }

    private PageResult Postpone(TimeSpan retryAfter)
    {
        Notice = Notice.Busy;
        Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        Response.Headers[HeaderNames.RetryAfter] = retryAfter.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        return Page();
    }

    private PageResult Expired()
    {
        View = LoginView.Expired;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}

/// <summary>What the login page shows.</summary>
internal enum LoginView
{
    Form,
    Choice,
    Expired,
}
