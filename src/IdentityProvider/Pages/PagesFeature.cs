using IdentityProvider.Pages.Connect;
using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Pages;

/// <summary>
/// What people see: server-rendered pages that are complete without script, and the assets they use.
/// Pages: <c>/</c>, <c>/login</c>, <c>/consent</c>, <c>/logout</c>, <c>/logged-out</c>, <c>/error</c>, <c>/setup</c>, <c>/reset</c>, <c>/account</c>,
/// <c>/account/sessions</c>, <c>/device</c>, <c>/connect/check-session</c>.
/// Assets: <c>/assets/{file}</c>. The design system is described in docs/design.md.
/// </summary>
internal static class PagesFeature
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddSingleton<Assets>();
        services.AddSingleton(provider => new PageEndpoints(provider, services));
        services.AddAntiforgery();
        services.AddOptions<AntiforgeryOptions>().Configure<CookieNames>((options, names) =>
        {
            names.Apply(options.Cookie, "antiforgery");
            // The security headers forbid framing everywhere, in every browser we support and in those that know only this header.
            options.SuppressXFrameOptionsHeader = true;
        });
        return services;
    }

    public static void MapPages(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapAssets();
        endpoints.MapAuthorize();
        endpoints.DataSources.Add(endpoints.ServiceProvider.GetRequiredService<PageEndpoints>());
    }
}
