using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IdentityProvider.Sandbox.WebApp;

/// <summary>Answers with a page that nobody keeps.</summary>
internal static class RazorPage
{
    public static RazorComponentResult<TPage> Page<TPage>(this HttpContext http, Dictionary<string, object?> parameters)
        where TPage : IComponent
    {
        http.Response.Headers.CacheControl = "no-cache, no-store";
        return new(parameters) { PreventStreamingRendering = true };
    }
}
