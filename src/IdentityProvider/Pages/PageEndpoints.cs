using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace IdentityProvider.Pages;

/// <summary>
/// The pages, which the router hears of with the first request of a person: to describe them to it the framework looks through each with all that it
/// is made of, and keeps that. A server that only programs ask needs none of it, nor of <see cref="PageServices"/>.
/// </summary>
/// <param name="server">All services.</param>
/// <param name="registered">How they came there.</param>
internal sealed class PageEndpoints(IServiceProvider server, IEnumerable<ServiceDescriptor> registered) : EndpointDataSource, IDisposable
{
    private readonly Lock turn = new();
    private readonly CancellationTokenSource told = new();
    private volatile IReadOnlyList<Endpoint> endpoints = [];
    private volatile bool areMapped;

    public override IReadOnlyList<Endpoint> Endpoints => endpoints;

    // They change once. Whoever looks again while that is told must not be told for ever.
    public override IChangeToken GetChangeToken() =>
        new CancellationChangeToken(endpoints.Count == 0 ? told.Token : CancellationToken.None);

    /// <summary>Has the pages known before a request goes on, which then finds them.</summary>
    public Task MapFirst(HttpContext context, RequestDelegate next)
    {
        if (!areMapped)
        {
            Map();
        }

        return next(context);
    }

    public void Dispose() => told.Dispose();

    private void Map()
    {
        lock (turn)
        {
            if (areMapped)
            {
                return;
            }

            var services = new PageServices(server, registered);
            var routes = new Routes(services.Root);
            routes.MapRazorPages();
            endpoints = [.. routes.DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>().Select(page => Within(services, page))];
            // The router has found its ways anew when this returns.
            told.Cancel();
            areMapped = true;
        }
    }

    private static RouteEndpoint Within(PageServices services, RouteEndpoint page) =>
        new(services.Within(page.RequestDelegate!), page.RoutePattern, page.Order, page.Metadata, page.DisplayName);

    private sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
