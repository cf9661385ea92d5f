using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Pages;

/// <summary>
/// What people see: server-rendered pages that are complete without script, and the assets they use.
/// Pages: <c>/</c>, <c>/login</c>, <c>/consent</c>, <c>/logout</c>, <c>/logged-out</c>, <c>/error</c>, <c>/setup</c>, <c>/account</c>.
/// Assets: <c>/assets/{file}</c>. The design system is described in docs/design.md.
/// </summary>
internal static class PagesFeature
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddSingleton<Assets>();
        services.AddRazorPages().ConfigureApplicationPartManager(manager =>
        {
            // Only this library's pages: by default every page that the program's own assembly can reach would be served too.
            var library = typeof(PagesFeature).Assembly;
            manager.ApplicationParts.Clear();
            manager.ApplicationParts.Add(new AssemblyPart(library));
            manager.ApplicationParts.Add(new CompiledRazorAssemblyPart(library));
        });

        return services;
    }

    public static void MapPages(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapAssets();
        endpoints.MapRazorPages();
    }
}
