using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.Hosting;

/// <summary>Headers that keep browsers from doing with our answers what we never ask for. What an endpoint has set itself stays.</summary>
internal sealed class SecurityHeaders
{
    private const string NoPermissions =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=()";

    private readonly RequestDelegate next;
    private readonly Func<object, Task> write;
    private readonly bool demandsHttps;

    public SecurityHeaders(RequestDelegate next, Issuer issuer)
    {
        (this.next, write) = (next, Write);
        // RFC 6797 §7.2: not over plain http. Browsers remember it for the whole host, so a developer's loopback is spared.
        demandsHttps = issuer.IsHttps && !issuer.Address.IsLoopback;
    }

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(write, context);
        return next(context);
    }

    private Task Write(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        SetIfAbsent(headers, HeaderNames.XContentTypeOptions, "nosniff");
        SetIfAbsent(headers, "Referrer-Policy", "no-referrer");
        if (!ContentSecurity.MayBeFramed(context))
        {
            SetIfAbsent(headers, HeaderNames.XFrameOptions, "DENY");
        }

        SetIfAbsent(headers, HeaderNames.ContentSecurityPolicy, ContentSecurity.PolicyFor(context));
        SetIfAbsent(headers, "Permissions-Policy", NoPermissions);
        if (demandsHttps)
        {
            SetIfAbsent(headers, HeaderNames.StrictTransportSecurity, "max-age=31536000");
        }

        // Pages and redirects belong to one person at one moment; style sheets and pictures set their own lifetime.
        if (IsPage(context.Response))
        {
            SetIfAbsent(headers, HeaderNames.CacheControl, "no-store");
        }

        return Task.CompletedTask;
    }

    private static bool IsPage(HttpResponse response) =>
        response.StatusCode >= 300 && response.StatusCode != StatusCodes.Status304NotModified
        || response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true;

    private static void SetIfAbsent(IHeaderDictionary headers, string name, string value)
    {
        if (StringValues.IsNullOrEmpty(headers[name]))
        {
            headers[name] = value;
        }
    }
}
