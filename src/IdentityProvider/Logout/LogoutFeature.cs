using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Logout;

/// <summary>
/// RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0). Endpoint: /connect/logout. Page: /logout, which asks.
/// With a valid hint of the person who is signed in nobody is asked; otherwise the person decides, and only a client that named itself gets them back.
/// </summary>
internal static class LogoutFeature
{
    public static IServiceCollection AddLogout(this IServiceCollection services) => services
        .AddSingleton<LogoutRequests>()
        .AddScoped<EndSessionEndpoint>();

    public static OpenIddictServerBuilder UseLogout(this OpenIddictServerBuilder server) => server
        .Add(ExplainRefusal.Descriptor); // what is registered instead, for the record
}
