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
        var request = context as BaseRequestContext;
        var validating = context as BaseValidatingContext;
        foreach (var entry in handlers.For<TContext>())
        {
            // Hardly any filter and few handlers have to wait: a state machine for each would cost more than what they do.
            var active = entry.IsActiveAsync(context);
            if (!(active.IsCompletedSuccessfully ? active.Result : await active))
            {
                continue;
            }

            await entry.HandleAsync(context, services);

            // What one of them answered, left to the next middleware or refused, the others do not see.
            if (request is { IsRequestHandled: true } or { IsRequestSkipped: true } || validating is { IsRejected: true })
            {
                return;
            }
        }
    }
}

internal static class EventDispatcherRegistration
{
    public static void AddEventDispatcher(this IServiceCollection services)
    {
        services.AddSingleton<EventHandlers>();
        services.AddScoped<IOpenIddictServerDispatcher, EventDispatcher>();
    }
}
