using System.Collections.Concurrent;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Pages;

/// <summary>
/// What the framework needs to serve pages, in a container of its own: registered with everything else it would take nine megabytes of a server that only
/// programs ask. What the server has is the server's here too, such as antiforgery, Data Protection, the router and their options. There is one of each.
/// </summary>
internal sealed class PageServices
{
    // Beside the services of a request these come from the pages' own container; nothing else of the server uses them.
    private const string Pages = "Microsoft.AspNetCore.Mvc";
    private const string TagHelpers = "Microsoft.AspNetCore.Razor";

    private static readonly HashSet<Type> optionsSources =
        [typeof(IConfigureOptions<>), typeof(IPostConfigureOptions<>), typeof(IValidateOptions<>), typeof(IOptionsChangeTokenSource<>)];

    private readonly ConcurrentDictionary<Type, bool> own = new();

    // Never disposed: what of it must be is the server's, which does that itself when nobody uses it any more. The rest is memory.
    private readonly ServiceProvider pages;

    /// <param name="server">Everything else that the server has.</param>
    /// <param name="registered">How it came there.</param>
    public PageServices(IServiceProvider server, IEnumerable<ServiceDescriptor> registered)
    {
        var services = new ServiceCollection();
        AddPages(services);
        pages = Share(services, server, registered).BuildServiceProvider();
    }

    public IServiceProvider Root => pages;

    /// <summary>Has an endpoint of a page find the services of pages beside those of the request.</summary>
    public RequestDelegate Within(RequestDelegate endpoint) => async context =>
    {
        var before = context.RequestServices;
        await using var scope = pages.CreateAsyncScope();
        context.RequestServices = new Both(this, before, scope.ServiceProvider);
        try
        {
            await endpoint(context);
        }
        finally
        {
            context.RequestServices = before;
        }
    };

    private static void AddPages(ServiceCollection services) => services
        .AddRazorPages(options => options.Conventions
            .AuthorizeFolder("/Account", SessionAuthenticationHandler.SchemeName)
            .AuthorizeFolder("/Device", SessionAuthenticationHandler.SchemeName))
        .ConfigureApplicationPartManager(manager =>
        {
            // By default a program serves the pages of every assembly it references:
            // another app in the same process would serve ours, and this one theirs.
            manager.ApplicationParts.Clear();
            // Only the pages, which are listed by name. Among all types of the assembly the framework would look for controllers, of which there are none,
            // and so load each of them, with every library that any of them uses.
            manager.ApplicationParts.Add(new CompiledRazorAssemblyPart(typeof(PageServices).Assembly));
        });

    private static IServiceCollection Share(ServiceCollection pages, IServiceProvider server, IEnumerable<ServiceDescriptor> registered)
    {
        // What is generic makes loggers and options: those of the pages are their own, those of everything else follow. A program that hosts the library
        // may have pages of its own, with what belongs to them.
        var known = registered
            .Where(one => !one.IsKeyedService && !one.ServiceType.IsGenericTypeDefinition && !ComesFromPages(one.ServiceType))
            .ToLookup(one => one.ServiceType);
        IServiceCollection services = new ServiceCollection();
        foreach (var one in pages.Where(one => !known.Contains(one.ServiceType)))
        {
            services.Add(one);
        }

        var configured = new HashSet<Type>();
        foreach (var same in known)
        {
            if (same.Key.IsConstructedGenericType && optionsSources.Contains(same.Key.GetGenericTypeDefinition()))
            {
                configured.Add(same.Key.GenericTypeArguments[0]);
            }
            else if (same.Count() == 1 && same.First().Lifetime != ServiceLifetime.Scoped)
            {
                AddShared(same.Key);
            }
        }

        foreach (var options in configured)
        {
            AddShared(typeof(IOptions<>).MakeGenericType(options));
            AddShared(typeof(IOptionsMonitor<>).MakeGenericType(options));
        }

        return services;

        void AddShared(Type type) => services.AddSingleton(type, _ => server.GetRequiredService(type));
    }

    private bool IsOwn(Type type) => own.GetOrAdd(type, ComesFromPages);

    // Their options, loggers and lists too.
    private static bool ComesFromPages(Type type) =>
        type.Assembly.GetName().Name is { } name
        && (name.StartsWith(Pages, StringComparison.Ordinal) || name.StartsWith(TagHelpers, StringComparison.Ordinal))
        || type.IsConstructedGenericType && type.GenericTypeArguments.Any(ComesFromPages);

    private sealed class Both(PageServices all, IServiceProvider request, IServiceProvider pages) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType == typeof(IServiceProvider) ? this : (all.IsOwn(serviceType) ? pages : request).GetService(serviceType);
    }
}
