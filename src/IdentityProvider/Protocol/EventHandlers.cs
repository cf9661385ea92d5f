using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityProvider.Protocol;

/// <summary>The handlers of each event, looked up once for each version of the library's options: those are built again when a key rotates.</summary>
internal sealed class EventHandlers(IServiceProvider services, IOptionsMonitor<OpenIddictServerOptions> options)
{
    private volatile Generation current = new(new OpenIddictServerOptions());

    /// <summary>The handlers of this event, in the order of the options.</summary>
    public Entry<TContext>[] For<TContext>() where TContext : BaseContext
    {
        var now = options.CurrentValue;
        var generation = current;
        if (generation.Options != now)
        {
            current = generation = new Generation(now);
        }

        return generation.Events.TryGetValue(typeof(TContext), out var known) ? (Entry<TContext>[])known : Add<TContext>(generation);
    }

    private Entry<TContext>[] Add<TContext>(Generation generation) where TContext : BaseContext =>
        (Entry<TContext>[])generation.Events.GetOrAdd(
            typeof(TContext),
            generation.Options.Handlers.Where(handler => handler.ContextType == typeof(TContext)).Select(Make<TContext>).ToArray());

    private Entry<TContext> Make<TContext>(OpenIddictServerHandlerDescriptor handler) where TContext : BaseContext => new(
        // Filters are singletons (HandlerRegistration.Add; the library's own, too).
        [.. handler.FilterTypes.Select(filter => (IOpenIddictServerHandlerFilter<TContext>)services.GetRequiredService(filter))],
        handler.ServiceDescriptor switch
        {
            { ImplementationInstance: IOpenIddictServerHandler<TContext> instance } => instance,
            { Lifetime: ServiceLifetime.Singleton } descriptor => (IOpenIddictServerHandler<TContext>)services.GetRequiredService(descriptor.ServiceType),
            _ => null,
        },
        handler.ServiceDescriptor.ServiceType);

    private sealed record Generation(OpenIddictServerOptions Options)
    {
        public ConcurrentDictionary<Type, object> Events { get; } = new();
    }

    /// <summary>One handler of an event.</summary>
    internal sealed class Entry<TContext>(IOpenIddictServerHandlerFilter<TContext>[] filters, IOpenIddictServerHandler<TContext>? shared, Type type)
        where TContext : BaseContext
    {
        public Type Type => type;

        public IOpenIddictServerHandler<TContext> HandlerIn(IServiceProvider scope) =>
            shared ?? (IOpenIddictServerHandler<TContext>)scope.GetRequiredService(type);

        /// <summary>Whether all filters let it act.</summary>
        public ValueTask<bool> IsActiveAsync(TContext context) => IsActiveAsync(context, first: 0);

        private ValueTask<bool> IsActiveAsync(TContext context, int first)
        {
            for (var index = first; index < filters.Length; index++)
            {
                var active = filters[index].IsActiveAsync(context);
                if (!active.IsCompletedSuccessfully)
                {
                    return AwaitAsync(active, context, index + 1);
                }

                if (!active.Result)
                {
                    return new(false);
                }
            }

            return new(true);
        }

        private async ValueTask<bool> AwaitAsync(ValueTask<bool> active, TContext context, int next) =>
            await active && await IsActiveAsync(context, next);
    }
}
