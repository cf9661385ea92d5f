using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;

namespace IdentityProvider.Pages.SignIn;

/// <summary>
/// Shows the page again, with a word about it, when its form came without a good antiforgery token.
/// That happens to honest people: cookies were cleared while the page was open, or it was opened from a copy kept by the browser.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShowAgainWhenOutOfDateAttribute : Attribute, IAlwaysRunResultFilter
{
    public const string Parameter = "out_of_date";

    private static readonly string[] kept = ["pending", "return_url", "another", "token", "user_code"];

    public void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is not IAntiforgeryValidationFailedResult)
        {
            return;
        }

        var request = context.HttpContext.Request;
        // Only a form that could be read: asking for one that could not would throw what made the token unreadable.
        var form = context.HttpContext.Features.Get<IFormFeature>()?.Form;
        var query = QueryString.Create(Parameter, "true");
        foreach (var name in kept)
        {
            var value = form is not null && form.TryGetValue(name, out var field) ? field : request.Query[name];
            if (value is [{ Length: > 0 } text, ..])
            {
                query = query.Add(name, text);
            }
        }

        context.Result = SeeOther.To(context.HttpContext, request.Path + query);
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}
