using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Protocol;

/// <summary>
/// Gives each event to its handlers, in the library's order and under its rules. The library's own dispatcher walks through all handlers of all
/// events for each of the dozens of events of a request, and asks dependency injection for each filter: a quarter of a token request.
/// </summary>
/// <remarks>To handlers it is also where they get what they need: dozens of them in a request ask for the same few things.</remarks>
internal sealed class EventDispatcher(EventHandlers handlers, IServiceProvider services) : IOpenIddictServerDispatcher, IServiceProvider
{
    private (Type Type, object Service)[] known = new (Type, object)[8];
    private int count;

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

            await entry.HandleAsync(context, this);

            // What one of them answered, left to the next middleware or refused, the others do not see.
            if (request is { IsRequestHandled: true } or { IsRequestSkipped: true } || validating is { IsRejected: true })
            {
                return;
            }
        }
    }

    /// <summary>A service of the request's scope, the same one each time.</summary>
    public object? GetService(Type serviceType)
    {
        foreach (var (type, service) in known.AsSpan(0, count))
        {
            if (type == serviceType)
            {
                return service;
            }
        }

        return services.GetService(serviceType) is { } found ? Keep(serviceType, found) : null;
    }

    private object Keep(Type type, object service)
    {
        if (count == known.Length)
        {
            Array.Resize(ref known, count * 2);
        }

        known[count++] = (type, service);
        return service;
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
