using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlerFilters;

namespace IdentityProvider.Protocol;

/// <summary>The handlers of each event, looked up once for each version of the library's options: those are built again when a key rotates.</summary>
internal sealed class EventHandlers(IServiceProvider services, IOptionsMonitor<OpenIddictServerOptions> options)
{
    // What these ask is a setting that never changes while the program runs: where it holds, they are not asked for each request.
    private static readonly Dictionary<Type, Func<OpenIddictServerOptions, bool>> settings = new()
    {
        [typeof(RequireDegradedModeDisabled)] = options => !options.EnableDegradedMode,
        [typeof(RequireTokenStorageEnabled)] = options => !options.DisableTokenStorage,
        [typeof(RequireAuthorizationStorageEnabled)] = options => !options.DisableAuthorizationStorage,
        [typeof(RequireEndpointPermissionsEnabled)] = options => !options.IgnoreEndpointPermissions,
        [typeof(RequireGrantTypePermissionsEnabled)] = options => !options.IgnoreGrantTypePermissions,
        [typeof(RequireResponseTypePermissionsEnabled)] = options => !options.IgnoreResponseTypePermissions,
    };

    private volatile Generation current = new(new OpenIddictServerOptions());

    /// <summary>The handlers of this event, in the order of the options.</summary>
    public Entry[] For<TContext>() where TContext : BaseContext
    {
        var now = options.CurrentValue;
        var generation = current;
        if (generation.Options != now)
        {
            current = generation = new Generation(now);
        }

        return generation.Events.TryGetValue(typeof(TContext), out var known) ? known : Add<TContext>(generation);
    }

    private Entry[] Add<TContext>(Generation generation) where TContext : BaseContext =>
        generation.Events.GetOrAdd(
            typeof(TContext),
            [.. generation.Options.Handlers.Where(handler => handler.ContextType == typeof(TContext)).Select(Make<TContext>)]);

    private Entry<TContext> Make<TContext>(OpenIddictServerHandlerDescriptor handler) where TContext : BaseContext => new(
        handler.ServiceDescriptor.ServiceType,
        // Filters are singletons (HandlerRegistration.Add; the library's own, too).
        [.. handler.FilterTypes.Where(filter => !Holds(filter)).Select(filter => (Func<TContext, ValueTask<bool>>)((IOpenIddictServerHandlerFilter<TContext>)services.GetRequiredService(filter)).IsActiveAsync)],
        handler.ServiceDescriptor switch
        {
            { ImplementationInstance: IOpenIddictServerHandler<TContext> instance } => Shared(instance),
            { Lifetime: ServiceLifetime.Singleton } descriptor => Shared((IOpenIddictServerHandler<TContext>)services.GetRequiredService(descriptor.ServiceType)),
            { ImplementationFactory: { } factory } => (context, scope) => ((IOpenIddictServerHandler<TContext>)factory(scope)).HandleAsync(context),
            { ImplementationType: { } type } => Made<TContext>(type),
            var descriptor => (context, scope) => ((IOpenIddictServerHandler<TContext>)scope.GetRequiredService(descriptor.ServiceType)).HandleAsync(context),
        });

    private bool Holds(Type filter) => settings.TryGetValue(filter, out var holds) && holds(options.CurrentValue);

    private static Func<TContext, IServiceProvider, ValueTask> Shared<TContext>(IOpenIddictServerHandler<TContext> handler) where TContext : BaseContext
    {
        Func<TContext, ValueTask> handle = handler.HandleAsync;
        return (context, _) => handle(context);
    }

    // Made where it is called, of what the request's scope has: the scope itself would keep each of the dozens of handlers of a request.
    private static Func<TContext, IServiceProvider, ValueTask> Made<TContext>(Type type) where TContext : BaseContext
    {
        // Some of the library's have a second one, for servers that keep nothing.
        var constructor = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;
        var needs = Array.ConvertAll(constructor.GetParameters(), parameter => parameter.ParameterType);
        // As fast as ActivatorUtilities.CreateFactory, without what compiles expression trees.
        var invoker = ConstructorInvoker.Create(constructor);
        return (context, scope) =>
        {
            var given = new object?[needs.Length];
            for (var index = 0; index < needs.Length; index++)
            {
                given[index] = scope.GetRequiredService(needs[index]);
            }

            return ((IOpenIddictServerHandler<TContext>)invoker.Invoke(given.AsSpan())).HandleAsync(context);
        };
    }

    private sealed record Generation(OpenIddictServerOptions Options)
    {
        public ConcurrentDictionary<Type, Entry[]> Events { get; } = new();
    }

    /// <summary>One handler of an event. Of no generic kind, so that the dispatcher's loop is compiled for what it does and not for every event at once.</summary>
    internal abstract class Entry(Type type)
    {
        public Type Type => type;

        /// <summary>Whether all filters let it act.</summary>
        public abstract ValueTask<bool> IsActiveAsync(BaseContext context);

        public abstract ValueTask HandleAsync(BaseContext context, IServiceProvider scope);
    }

    /// <remarks>
    /// As delegates: a call through an interface of this generic kind looks up its target each time, hundreds of times in a token request.
    /// </remarks>
    /// <param name="handle">Calls the handler, which may need something of the request's scope.</param>
    private sealed class Entry<TContext>(Type type, Func<TContext, ValueTask<bool>>[] filters, Func<TContext, IServiceProvider, ValueTask> handle) : Entry(type)
        where TContext : BaseContext
    {
        public override ValueTask HandleAsync(BaseContext context, IServiceProvider scope) => handle((TContext)context, scope);

        public override ValueTask<bool> IsActiveAsync(BaseContext context) => filters.Length == 0 ? new(true) : IsActiveAsync((TContext)context, first: 0);

        private ValueTask<bool> IsActiveAsync(TContext context, int first)
        {
            for (var index = first; index < filters.Length; index++)
            {
                var active = filters[index](context);
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
