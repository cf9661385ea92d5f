using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.Hosting;

/// <summary>Turns away what would otherwise fail deep inside with an entry in the error log, which anybody could fill so.</summary>
internal static class UnusableRequests
{
    // A connection closed over what is still being sent tells most clients nothing; beyond this it costs us too much to listen.
    private const long LargestBodyHeardOut = 4 * 1024 * 1024;

    public static async Task Refuse(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsTrace(context.Request.Method))
        {
            // RFC 9110 §9.3.8: it echoes a request, cookies included, and no page of ours has an answer to it.
            throw new BadHttpRequestException("The method is not supported.", StatusCodes.Status405MethodNotAllowed);
        }

        if (context.Request.ContentType is { Length: > 0 } type && (IsUtf7(type) || !MediaTypeHeaderValue.TryParse(type, out _)))
        {
            // The page that shows the failure would look at it again.
            context.Request.ContentType = null;
            throw new BadHttpRequestException("The content type is not supported.", StatusCodes.Status415UnsupportedMediaType);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { MaxRequestBodySize: { } limit, IsReadOnly: false } body
            && context.Request.ContentLength is { } length && length > limit)
        {
            if (length <= LargestBodyHeardOut)
            {
                body.MaxRequestBodySize = length;
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            }

            throw new BadHttpRequestException("The request is too large.", StatusCodes.Status413PayloadTooLarge);
        }

        await next(context);
    }

    // .NET knows it under several names, all with one of these two, and throws wherever it meets it.
    private static bool IsUtf7(string type) =>
        type.Contains("utf-7", StringComparison.OrdinalIgnoreCase) || type.Contains("utf7", StringComparison.OrdinalIgnoreCase);
}
