using System.Collections.Concurrent;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Protocol;

/// <summary>Notes which requests take a context of EF Core, out of the pool or new, whatever they then do with it.</summary>
internal sealed class ContextLeases : IStartupFilter
{
    // Set where a request enters the pipeline, so that background work is never noted as a request's.
    private readonly AsyncLocal<string?> path = new();
    private readonly ConcurrentQueue<string> taken = new();

    /// <summary>The path of each request and what it took.</summary>
    public IReadOnlyCollection<string> Taken => taken;

    public void Clear() => taken.Clear();

    public void Observe(IServiceCollection services)
    {
        foreach (var context in new[] { typeof(AppDbContext), typeof(ProtocolDbContext) })
        {
            var index = services.IndexOf(services.Single(service => service.ServiceType == context));
            var make = services[index].ImplementationFactory!;
            services[index] = ServiceDescriptor.Scoped(context, scope =>
            {
                if (path.Value is { } here)
                {
                    taken.Enqueue($"{here} {context.Name}");
                }

                return make(scope);
            });
        }

        services.AddSingleton<IStartupFilter>(this);
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, following) =>
        {
            path.Value = context.Request.Path;
            await following(context);
        });
        next(app);
    };
}
