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
    public static IActionResult To(HttpContext http, string path) => new SeeOtherResult(AddressOf(http, path));

    /// <summary>The same where there is no page.</summary>
    public static void Send(HttpContext http, string path) => Write(http.Response, AddressOf(http, path));

    /// <param name="endpoint">One of our own endpoints.</param>
    /// <param name="parameters">What it was sent: longer than a page's query may be.</param>
    public static IActionResult ToEndpoint(HttpContext http, string endpoint, QueryString parameters) =>
        new SeeOtherResult(http.Request.PathBase + endpoint + parameters);

    /// <param name="address">A client's registered address, with what the protocol adds to it.</param>
    public static IActionResult ToClient(string address) => new SeeOtherResult(address);

    private static string AddressOf(HttpContext http, string path) => http.Request.PathBase + ReturnUrl.Parse(path).Value;

    private static void Write(HttpResponse response, string location)
    {
        response.StatusCode = StatusCodes.Status303SeeOther;
        response.Headers.Location = location;
    }

    private sealed class SeeOtherResult(string location) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context)
        {
            Write(context.HttpContext.Response, location);
            return Task.CompletedTask;
        }
    }
}
