using IdentityProvider.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Logout;

/// <summary>
/// RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0). Endpoint: /connect/logout. Page: /logout, which asks.
/// With a valid hint of the person who is signed in nobody is asked; otherwise the person decides, and only a client that named itself gets them back.
/// Front-channel logout (OpenID Connect Front-Channel Logout 1.0) and session management (OpenID Connect Session Management 1.0).
/// Pages: /logged-out with the frames of clients, /connect/check-session.
/// </summary>
internal static class LogoutFeature
{
    public static IServiceCollection AddLogout(this IServiceCollection services) => services
        .AddSingleton<LogoutRequests>()
        .AddSingleton<FrontChannelRequests>()
        .AddScoped<FrontChannelLogout>()
        .AddScoped<EndSessionEndpoint>();

    public static OpenIddictServerBuilder UseLogout(this OpenIddictServerBuilder server) => server
        .Add(DescribeLogout.Descriptor)
        .Add(ExplainRefusal.Descriptor); // what is registered instead, for the record
}
