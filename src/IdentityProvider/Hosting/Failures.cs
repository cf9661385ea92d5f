using System.Diagnostics;
using IdentityProvider.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
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
        options.SuppressDiagnosticsCallback = context => StatusOf(context.Exception) < StatusCodes.Status500InternalServerError;
        return options;
    }

    private static int StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        // A form with too many members, or with members that are too long.
        InvalidDataException => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static Task TellAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var (error, description) = context.Response.StatusCode < StatusCodes.Status500InternalServerError
            ? (OpenIddictConstants.Errors.InvalidRequest, "The request cannot be read: it is too large or malformed.")
            : (OpenIddictConstants.Errors.ServerError, "The server could not answer. Its operator finds the reason by the trace_id.");
        if (context.Response.StatusCode < StatusCodes.Status500InternalServerError)
        {
            context.RequestServices.GetRequiredService<DecisionLog>().Record(context, "request", error, description, "request.unreadable");
        }

        return context.Response.WriteAsJsonAsync(
            new { error, error_description = description, trace_id = Activity.Current?.TraceId.ToString() }, context.RequestAborted);
    }
}
