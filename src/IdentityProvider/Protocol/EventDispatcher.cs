using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Protocol;

/// <summary>
/// Gives each event to its handlers, in the library's order and under its rules. The library's own dispatcher walks through all handlers of all
/// events for each of the dozens of events of a request, and asks dependency injection for each filter: a quarter of a token request.
/// </summary>
internal sealed class EventDispatcher(EventHandlers handlers, IServiceProvider services) : IOpenIddictServerDispatcher
{
    public async ValueTask DispatchAsync<TContext>(TContext context) where TContext : BaseContext
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var entry in handlers.For<TContext>())
        {
            if (await IsActiveAsync(entry.Filters, context))
            {
                await entry.HandlerIn(services).HandleAsync(context);
                if (IsOver(context))
                {
                    return;
                }
            }
        }
    }

    private static async ValueTask<bool> IsActiveAsync<TContext>(IOpenIddictServerHandlerFilter<TContext>[] filters, TContext context)
        where TContext : BaseContext
    {
        foreach (var filter in filters)
        {
            if (!await filter.IsActiveAsync(context))
            {
                return false;
            }
        }

        return true;
    }

    // What one of them answered, left to the next middleware or refused, the others do not see.
    private static bool IsOver(BaseContext context) =>
        context is BaseRequestContext { IsRequestHandled: true } or BaseRequestContext { IsRequestSkipped: true } or BaseValidatingContext { IsRejected: true };
}

internal static class EventDispatcherRegistration
{
    public static void AddEventDispatcher(this IServiceCollection services)
    {
        services.AddSingleton<EventHandlers>();
        services.AddScoped<IOpenIddictServerDispatcher, EventDispatcher>();
    }
}
