using System.Diagnostics;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using OpenIddict.Abstractions;

namespace IdentityProvider.Hosting;

/// <summary>What becomes of a request that ended in an exception: a page for people, a document for programs, and an entry in the log when it was our fault.</summary>
internal static class Failures
{
    public static ExceptionHandlerOptions Shown(string page) => With(new ExceptionHandlerOptions { ExceptionHandlingPath = page });

    public static ExceptionHandlerOptions Told() => With(new ExceptionHandlerOptions { ExceptionHandler = TellAsync });

    private static ExceptionHandlerOptions With(ExceptionHandlerOptions options)
    {
        options.StatusCodeSelector = StatusOf;
        // Anybody can send what cannot be read; that must not fill the log of errors.
        options.SuppressDiagnosticsCallback = context => StatusOf(context.Exception) < StatusCodes.Status500InternalServerError || IsToldAsOutage(context);
        return options;
    }

    private static bool IsToldAsOutage(ExceptionHandlerSuppressDiagnosticsContext context)
    {
        if (StatusOf(context.Exception) != StatusCodes.Status503ServiceUnavailable)
        {
            return false;
        }

        context.HttpContext.RequestServices.GetRequiredService<Outages>().Tell(context.HttpContext, context.Exception);
        return true;
    }

    private static int StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        // A form with too many members, or with members that are too long.
        InvalidDataException => StatusCodes.Status400BadRequest,
        _ when DatabaseOutage.Caused(exception) => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>RFC 9110 §10.2.3: whoever failed only because the database is away may come back.</summary>
    public static void AskToRetry(HttpContext context)
    {
        if (context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.TryAdd(HeaderNames.RetryAfter, Outages.RetryAfter);
        }
    }

    private static Task TellAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var (error, description) = context.Response.StatusCode switch
        {
            < StatusCodes.Status500InternalServerError => (OpenIddictConstants.Errors.InvalidRequest, "The request cannot be read: it is too large or malformed."),
            StatusCodes.Status503ServiceUnavailable => (OpenIddictConstants.Errors.TemporarilyUnavailable, "The server cannot reach its database for the moment. Try again in a few seconds."),
            _ => (OpenIddictConstants.Errors.ServerError, "The server could not answer. Its operator finds the reason by the trace_id."),
        };
        AskToRetry(context);
        if (context.Response.StatusCode < StatusCodes.Status500InternalServerError)
        {
            context.RequestServices.GetRequiredService<DecisionLog>().Record(context, "request", error, description, "request.unreadable");
        }

        return context.Response.WriteAsJsonAsync(
            new { error, error_description = description, trace_id = Activity.Current?.TraceId.ToString() }, context.RequestAborted);
    }
}
