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

    public ValueTask DispatchAsync<TContext>(TContext context) where TContext : BaseContext
    {
        ArgumentNullException.ThrowIfNull(context);
        return RunAsync(handlers.For<TContext>(), first: 0, context);
    }

    // Hardly any filter and few handlers have to wait: a state machine begins with the one that does, and the others are called in a plain loop.
    private ValueTask RunAsync(EventHandlers.Entry[] entries, int first, BaseContext context)
    {
        for (var index = first; index < entries.Length; index++)
        {
            var active = entries[index].IsActiveAsync(context);
            if (!active.IsCompletedSuccessfully)
            {
                return WaitAsync(active, entries, index, context);
            }

            if (!active.Result)
            {
                continue;
            }

            var handled = entries[index].HandleAsync(context, this);
            if (!handled.IsCompletedSuccessfully)
            {
                return WaitAsync(handled, entries, index, context);
            }

            handled.GetAwaiter().GetResult();
            if (IsOver(context))
            {
                return ValueTask.CompletedTask;
            }
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask WaitAsync(ValueTask<bool> active, EventHandlers.Entry[] entries, int index, BaseContext context)
    {
        if (await active)
        {
            await WaitAsync(entries[index].HandleAsync(context, this), entries, index, context);
        }
        else
        {
            await RunAsync(entries, index + 1, context);
        }
    }

    private async ValueTask WaitAsync(ValueTask handled, EventHandlers.Entry[] entries, int index, BaseContext context)
    {
        await handled;
        if (!IsOver(context))
        {
            await RunAsync(entries, index + 1, context);
        }
    }

    // What one of them answered, left to the next middleware or refused, the others do not see.
    private static bool IsOver(BaseContext context) =>
        context is BaseRequestContext { IsRequestHandled: true } or BaseRequestContext { IsRequestSkipped: true } or BaseValidatingContext { IsRejected: true };

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
