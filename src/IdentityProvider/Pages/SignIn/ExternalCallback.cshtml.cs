using System.Diagnostics;
using System.Globalization;
using IdentityProvider.Authorize;
using IdentityProvider.Federation;
using IdentityProvider.Protocol;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.Pages.SignIn;

/// <summary>Where a person comes back to from an upstream provider: signed in, asked to prove a local account, or told what happened.</summary>
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
[ShowAgainWhenOutOfDate]
internal sealed class ExternalCallbackModel(
    ExternalSignIn externalSignIn, Interactions interactions, PresentedSessions sessions) : PageModel
{
    [BindProperty(Name = "pending", SupportsGet = true)]
    public string? Pending { get; set; }

    [BindProperty(Name = "return_url", SupportsGet = true)]
    public string? ReturnTo { get; set; }

    [BindProperty(Name = ExternalLoginPaths.Failure, SupportsGet = true)]
    public ExternalFailure? Failure { get; set; }

    [BindProperty(Name = "username")]
    public string? UserName { get; set; }

    [BindProperty(Name = "password")]
    public string? Password { get; set; }

    public Interaction? Interaction { get; private set; }

    /// <summary>Set when the page asks for the password of a local account.</summary>
    public ExternalSignInOutcome.ProveAccount? Proof { get; private set; }

    public Notice? Notice { get; private set; }

    /// <summary>Set when the page explains why nobody was signed in.</summary>
    public ExternalProblem? Problem { get; private set; }

    public string LoginPath => SignInPaths.Login(Pending, ReturnTo);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        await ReadInteractionAsync(cancellationToken);
        if (Failure is { } failure)
        {
            return Explain(ExternalProblem.For(failure, await sessions.FindAsync(HttpContext) is not null));
        }

        return await ShowAsync(
            await externalSignIn.CompleteAsync(HttpContext, Interaction?.ClientId, cancellationToken), cancellationToken);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await ReadInteractionAsync(cancellationToken);
        return await ShowAsync(
            await externalSignIn.LinkAsync(HttpContext, UserName ?? "", Password ?? "", Interaction?.ClientId, cancellationToken),
            cancellationToken);
    }

    private async Task ReadInteractionAsync(CancellationToken cancellationToken)
    {
        Interaction = await interactions.FindAsync(Pending, cancellationToken);
        HttpContext.AllowFormAction(Interaction?.FormActionSources ?? []);
    }

    private async Task<IActionResult> ShowAsync(ExternalSignInOutcome outcome, CancellationToken cancellationToken) => outcome switch
    {
        ExternalSignInOutcome.SignedIn => await GoAsync(cancellationToken),
        ExternalSignInOutcome.ProveAccount proof => Ask(proof),
        ExternalSignInOutcome.Refused refused => Explain(ExternalProblem.For(refused.Reason)),
        ExternalSignInOutcome.NothingToFinish nothing => Explain(ExternalProblem.NothingToFinish(nothing.IsSignedIn)),
        var other => throw new UnreachableException($"Unhandled outcome {other}."),
    };

    private async Task<IActionResult> GoAsync(CancellationToken cancellationToken)
    {
        if (Interaction is not null)
        {
            await interactions.ResumeAsync(Interaction, cancellationToken);
            return SeeOther.To(HttpContext, Interaction.ContinueUrl);
        }

        // The login page explains a request that this browser can no longer go on with.
        return SeeOther.To(HttpContext, Pending is null ? ReturnUrl.Parse(ReturnTo).Value : LoginPath);
    }

    private PageResult Ask(ExternalSignInOutcome.ProveAccount proof)
    {
        Proof = proof;
        UserName ??= proof.Address;
        if (proof.RetryAfter is { } retryAfter)
        {
            Notice = Notice.Busy;
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            Response.Headers[HeaderNames.RetryAfter] = retryAfter.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        }
        else if (proof.WasWrong)
        {
            Notice = Notice.WrongNameOrPassword;
        }

        return Page();
    }

    private PageResult Explain(ExternalProblem problem)
    {
        Problem = problem;
        Response.StatusCode = problem.Status;
        return Page();
    }
}
