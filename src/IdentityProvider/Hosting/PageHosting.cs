using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Hosting;

/// <summary>Razor Pages, and only ours.</summary>
internal static class PageHosting
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorPages().ConfigureApplicationPartManager(manager =>
        {
            // By default a program serves the pages of every assembly it references:
            // another app in the same process would serve ours, and this one theirs.
            manager.ApplicationParts.Clear();
            var assembly = typeof(PageHosting).Assembly;
            foreach (var part in ApplicationPartFactory.GetApplicationPartFactory(assembly).GetApplicationParts(assembly))
            {
                manager.ApplicationParts.Add(part);
            }
        });
        services.AddAntiforgery();
        services.AddOptions<AntiforgeryOptions>().Configure<CookieNames>((options, names) =>
        {
            names.Apply(options.Cookie, "antiforgery");
            // The security headers forbid framing everywhere, in every browser we support and in those that know only this header.
            options.SuppressXFrameOptionsHeader = true;
        });
        return services;
    }
}
