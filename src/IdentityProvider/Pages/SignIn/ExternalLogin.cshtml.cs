using IdentityProvider.Authorize;
using IdentityProvider.Federation;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace IdentityProvider.Pages.SignIn;

/// <summary>Sends a person to an upstream provider. It has nothing to show.</summary>
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
[ShowAgainWhenOutOfDate]
internal sealed class ExternalLoginModel(ExternalProviders providers, Interactions interactions) : PageModel
{
    [BindProperty(Name = "pending", SupportsGet = true)]
    public string? Pending { get; set; }

    [BindProperty(Name = "return_url", SupportsGet = true)]
    public string? ReturnTo { get; set; }

    [BindProperty(Name = ShowAgainWhenOutOfDateAttribute.Parameter, SupportsGet = true)]
    public bool OutOfDate { get; set; }

    /// <summary>Reached by reloading: a sign-in elsewhere begins with a press of a button, so that no link can begin one.</summary>
    public IActionResult OnGet() => SeeOther.To(HttpContext, SignInPaths.Login(Pending, ReturnTo, OutOfDate));

    public async Task<IActionResult> OnPostAsync(string provider, CancellationToken cancellationToken)
    {
        if (providers.Find(provider) is not { } found)
        {
            return NotFound();
        }

        var interaction = await interactions.FindAsync(Pending, cancellationToken);
        if (Pending is not null && interaction is null)
        {
            return SeeOther.To(HttpContext, SignInPaths.Login(Pending, ReturnTo));
        }

        var returnUrl = interaction is null ? ReturnUrl.Parse(ReturnTo).Value : null;
        return Challenge(
            GoogleSignIn.Challenge(found, ExternalLoginPaths.CallbackFor(HttpContext, interaction?.Id, returnUrl), interaction?.LoginHint),
            found.Name);
    }
}
