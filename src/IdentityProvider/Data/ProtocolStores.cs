using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.EntityFrameworkCore;

namespace IdentityProvider.Data;

/// <summary>
/// The library's stores on EF Core. What its UseEntityFrameworkCore adds, but made where it is asked for: registered by type, they
/// would load EF Core into a server that has nothing to do yet.
/// </summary>
internal static class ProtocolStores
{
    public static IServiceCollection AddStores(this IServiceCollection services) => services
        .AddMemoryCache()
        .AddScoped<IOpenIddictApplicationStore<Client>>(scope =>
            new OpenIddictEntityFrameworkCoreApplicationStore<Client, Grant, Token, Guid>(Cache(scope), Context(scope), Options(scope)))
        .AddScoped<IOpenIddictAuthorizationStore<Grant>>(scope =>
            new GrantStore(Cache(scope), Context(scope), Options(scope), scope.GetRequiredService<TokenRows>()))
        .AddScoped<IOpenIddictScopeStore<Scope>>(scope =>
            new OpenIddictEntityFrameworkCoreScopeStore<Scope, Guid>(Cache(scope), Context(scope), Options(scope)))
        .AddScoped<IOpenIddictTokenStore<Token>>(scope =>
            new TokenStore(Cache(scope), Context(scope), Options(scope), scope.GetRequiredService<TokenRows>()));

    private static IMemoryCache Cache(IServiceProvider scope) => scope.GetRequiredService<IMemoryCache>();

    private static StoreContext Context(IServiceProvider scope) => new(scope);

    private static IOptionsMonitor<OpenIddictEntityFrameworkCoreOptions> Options(IServiceProvider scope) =>
        scope.GetRequiredService<IOptionsMonitor<OpenIddictEntityFrameworkCoreOptions>>();
}
