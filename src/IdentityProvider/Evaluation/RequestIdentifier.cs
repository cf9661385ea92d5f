using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Evaluation;

/// <summary>AuthZEN §10.1.3: what the caller calls its request comes back with the answer, whichever that is.</summary>
internal static class RequestIdentifier
{
    private const string Header = "X-Request-ID";
    private const int Longest = 256;

    private static readonly PathString access = "/access";

    public static Task Echo(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments(access, StringComparison.OrdinalIgnoreCase)
            && context.Request.Headers[Header] is [{ Length: > 0 and <= Longest } identifier] && identifier.All(static character => character is >= '\x20' and <= '\x7e'))
        {
            // Late: what answers for a failure begins by removing all headers.
            context.Response.OnStarting(() =>
            {
                context.Response.Headers[Header] = identifier;
                return Task.CompletedTask;
            });
        }

        return next(context);
    }
}
