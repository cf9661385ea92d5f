using System.Diagnostics;
using IdentityProvider.Authorize;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace IdentityProvider.Pages.Connect;

/// <summary>Asks a person whether a client may have what it asks for.</summary>
internal sealed class ConsentModel(ConsentRequests requests) : PageModel
{
    [BindProperty(SupportsGet = true, Name = PendingRequests.Parameter)]
    public string? Pending { get; set; }

    [BindProperty(Name = "consent-allow")]
    public string? Allowed { get; set; }

    public ConsentQuestion.Ask? Question { get; private set; }

    /// <summary>The host the person goes back to: what they can check against the address they came from.</summary>
    public string? ReturnsTo { get; private set; }

    public IReadOnlyList<(string Text, string Address)> Links { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        await requests.FindAsync(HttpContext, Pending, cancellationToken) switch
        {
            ConsentQuestion.Ask question => Show(question),
            ConsentQuestion.SignInFirst first => SeeOther.To(HttpContext, first.Url),
            ConsentQuestion.Gone => SeeOther.To(HttpContext, Gone),
            var other => throw new UnreachableException($"Unhandled question {other}."),
        };

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        switch (await requests.FindAsync(HttpContext, Pending, cancellationToken))
        {
            case ConsentQuestion.Ask question when Allowed is not null:
                return SeeOther.To(HttpContext, await requests.AllowAsync(question, cancellationToken) ? question.Interaction.ContinueUrl : Gone);
            case ConsentQuestion.Ask question:
                await requests.DenyAsync(question, cancellationToken);
                return SeeOther.To(HttpContext, question.Interaction.ContinueUrl);
            case ConsentQuestion.SignInFirst first:
                return SeeOther.To(HttpContext, first.Url);
            default:
                return SeeOther.To(HttpContext, Gone);
        }
    }

    // The authorization endpoint explains what became of it.
    private string Gone => Endpoints.Authorization + QueryString.Create(PendingRequests.Parameter, Pending ?? "");

    private PageResult Show(ConsentQuestion.Ask question)
    {
        var interaction = question.Interaction;
        HttpContext.AllowFormAction(interaction.FormActionSources);
        Question = question;
        ReturnsTo = interaction.ReturnsTo;
        Links = new[] { ("Website", interaction.ClientUri), ("Privacy policy", interaction.PolicyUri), ("Terms of service", interaction.TosUri) }
            .Where(link => link.Item2 is not null && link.Item2.StartsWith("https://", StringComparison.Ordinal))
            .Select(link => (link.Item1, link.Item2!))
            .ToList();
        return Page();
    }
}
