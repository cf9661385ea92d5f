using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Hosting;

/// <summary>
/// RFC 9110 §9.3.2: whatever answers GET answers HEAD. The library knows only GET at the addresses of discovery and keys;
/// the web server leaves out the body of what is answered to HEAD, whatever the request is called further in.
/// </summary>
internal static class HeadRequests
{
    public static Task AnswerAsGet(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method) && context.Request.Path.StartsWithSegments("/.well-known", StringComparison.Ordinal))
        {
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    }
}
