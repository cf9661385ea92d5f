using IdentityProvider.Administration;
using IdentityProvider.Evaluation;
using IdentityProvider.Pages;
using IdentityProvider.Protocol;
using IdentityProvider.ServerMetadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

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
        app.Use(RequestIdentifier.Echo);

        app.UseWhen(Audience.IsPerson, pages =>
        {
            // Before anything that may fail, because that is shown by a page too.
            pages.Use(app.Services.GetRequiredService<PageEndpoints>().MapFirst);
            pages.UseExceptionHandler(Failures.Shown(ErrorPage));
            pages.UseStatusCodePagesWithReExecute(ErrorPage, "?status={0}");
            pages.Use(ShowErrorsByGet);
        });
        app.UseWhen(Audience.IsProgram, machines => machines.UseExceptionHandler(Failures.Told()));

        app.Use(UnusableRequests.Refuse);
        app.Use(HeadRequests.AnswerAsGet);

        // Preflights end here; the policies are CrossOriginPolicies.
        app.Use(next => HandleCrossOrigin(app.Services, next));
        app.UseMiddleware<PublishedDocuments>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapHealth();
        app.MapEvaluation();
        app.MapAdministration();
        app.MapPages();
    }

    // What UseCors adds, called plainly: to call what asks for a service beside the request, the framework would compile code by expression trees at each start.
    private static RequestDelegate HandleCrossOrigin(IServiceProvider services, RequestDelegate next)
    {
        var cors = new CorsMiddleware(next, services.GetRequiredService<ICorsService>(), services.GetRequiredService<ILoggerFactory>());
        var policies = services.GetRequiredService<ICorsPolicyProvider>();
        return context => cors.Invoke(context, policies);
    }

    // A failed POST is shown by the same page as a failed GET; without this the page would refuse it for want of an antiforgery token.
    private static Task ShowErrorsByGet(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IExceptionHandlerFeature>() is not null || context.Features.Get<IStatusCodeReExecuteFeature>() is not null)
        {
            context.Request.Method = HttpMethods.Get;
            Failures.AskToRetry(context);
        }

        return next(context);
    }
}
