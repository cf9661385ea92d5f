using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Pages;

/// <summary>
/// Redirects between our own pages, always by 303: after a 302 or 307 a browser might post what a person typed a second time, somewhere else (RFC 9700 §4.12).
/// </summary>
internal static class SeeOther
{
    /// <param name="path">One of our own paths with its query, made by us.</param>
    public static IActionResult To(HttpContext http, string path) => new SeeOtherResult(http.Request.PathBase + ReturnUrl.Parse(path).Value);

    /// <param name="endpoint">One of our own endpoints.</param>
    /// <param name="parameters">What it was sent: longer than a page's query may be.</param>
    public static IActionResult ToEndpoint(HttpContext http, string endpoint, QueryString parameters) =>
        new SeeOtherResult(http.Request.PathBase + endpoint + parameters);

    /// <param name="address">A client's registered address, with what the protocol adds to it.</param>
    public static IActionResult ToClient(string address) => new SeeOtherResult(address);

    private sealed class SeeOtherResult(string location) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context)
        {
            context.HttpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.HttpContext.Response.Headers.Location = location;
            return Task.CompletedTask;
        }
    }
}
