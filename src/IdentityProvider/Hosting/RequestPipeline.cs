using IdentityProvider.Pages;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Hosting;

/// <summary>What a request passes through, in order.</summary>
internal static class RequestPipeline
{
    private const string ErrorPage = "/error";

    public static void Build(WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<PublicAddress>();
        app.UseMiddleware<SecurityHeaders>();

        app.UseWhen(context => Audience.IsPerson(context), pages =>
        {
            pages.UseExceptionHandler(ErrorPage);
            pages.UseStatusCodePagesWithReExecute(ErrorPage, "?status={0}");
            pages.Use(ShowErrorsByGet);
        });
        app.UseWhen(context => !Audience.IsPerson(context), machines => machines.UseExceptionHandler(ProtocolError));

        // Preflights end here; the policies are CrossOriginPolicies.
        app.UseCors();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapHealth();
        app.MapPages();
    }

    // A failed POST is shown by the same page as a failed GET; without this the page would refuse it for want of an antiforgery token.
    private static Task ShowErrorsByGet(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IExceptionHandlerFeature>() is not null || context.Features.Get<IStatusCodeReExecuteFeature>() is not null)
        {
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    }

    private static void ProtocolError(IApplicationBuilder machines) => machines.Run(context =>
    {
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(
            new { error = "server_error", error_description = "The server could not answer; the trace id helps its operator.", trace_id = System.Diagnostics.Activity.Current?.TraceId.ToString() },
            context.RequestAborted);
    });
}
