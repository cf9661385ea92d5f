using System.Diagnostics;
using IdentityProvider.Audit;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace IdentityProvider.Pages;

/// <summary>Answers in the place of a request that failed, with that request's status.</summary>
internal sealed class ErrorModel : PageModel
{
    public ErrorText Text { get; private set; } = ErrorText.For(StatusCodes.Status404NotFound, error: null);

    /// <summary>The protocol's <c>error</c>.</summary>
    public string? Code { get; private set; }

    /// <summary>The protocol's <c>error_description</c>.</summary>
    public string? Description { get; private set; }

    /// <summary>Finds this request in the logs. Shown where somebody may want to look.</summary>
    public string? RequestId { get; private set; }

    /// <summary>Finds the record of why this request was refused (the command <c>why</c>).</summary>
    public string? Reference { get; private set; }

    public void OnGet()
    {
        if (Response.StatusCode < StatusCodes.Status400BadRequest)
        {
            // Opened by its own address: there is no error to tell of.
            Response.StatusCode = StatusCodes.Status404NotFound;
        }

        var response = HttpContext.GetOpenIddictServerResponse();
        Code = response?.Error;
        Description = response?.ErrorDescription;
        Text = ErrorText.For(Response.StatusCode, Code);

        Reference = Decision.ReferenceOf(HttpContext);
        if ((Reference is null && Code is not null) || Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            RequestId = Activity.Current?.TraceId.ToHexString() ?? HttpContext.TraceIdentifier;
        }
    }
}
