using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenIddict.Server;

namespace IdentityProvider.Protocol;

/// <summary>How features join the library's pipeline.</summary>
internal static class HandlerRegistration
{
    /// <summary>
    /// Adds a handler together with its filters. A filter missing from dependency injection would fail only at request time, with a 500.
    /// </summary>
    public static OpenIddictServerBuilder Add(this OpenIddictServerBuilder server, OpenIddictServerHandlerDescriptor handler)
    {
        foreach (var filter in handler.FilterTypes)
        {
            server.Services.TryAddSingleton(filter);
        }

        return server.AddEventHandler(handler);
    }

    /// <summary>Puts our handler in the place of one of the library's.</summary>
    public static OpenIddictServerBuilder Replace(
        this OpenIddictServerBuilder server, OpenIddictServerHandlerDescriptor builtIn, OpenIddictServerHandlerDescriptor ours) =>
        server.RemoveEventHandler(builtIn).Add(ours);
}
