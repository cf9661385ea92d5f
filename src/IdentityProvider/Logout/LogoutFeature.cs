using IdentityProvider.Jobs;
using IdentityProvider.Protocol;
using IdentityProvider.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Logout;

/// <summary>
/// RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0). Endpoint: /connect/logout. Page: /logout, which asks.
/// With a valid hint of the person who is signed in nobody is asked; otherwise the person decides, and only a client that named itself gets them back.
/// Back-channel logout (OpenID Connect Back-Channel Logout 1.0): whoever ended a session, its clients are told. Rows: LogoutDelivery, an outbox
/// that is also the receipt. Page: /logged-out, which shows it. Discovery: backchannel_logout_supported.
/// Front-channel logout (OpenID Connect Front-Channel Logout 1.0) and session management (OpenID Connect Session Management 1.0).
/// Pages: /logged-out with the frames of clients, /connect/check-session.
/// </summary>
internal static class LogoutFeature
{
    public static IServiceCollection AddLogout(this IServiceCollection services) => services
        .AddSingleton<LogoutRequests>()
        .AddSingleton<FrontChannelRequests>()
        .AddScoped<FrontChannelLogout>()
        .AddScoped<EndSessionEndpoint>()
        .AddScoped<ISessionEndedHandler, NotifyClients>()
        .AddScoped<LogoutActs>()
        .AddSingleton<LogoutDeliveries>()
        .AddSingleton<LogoutReceipts>()
        .AddScoped<BackChannel>()
        .AddScoped<LogoutTelling>()
        .AddSingleton<LogoutTokens>()
        .AddSingleton<LogoutCall>()
        .AddSingleton<LogoutDelivering>()
        .AddHostedService(provider => provider.GetRequiredService<LogoutDelivering>())
        .AddSingleton<RecurringJob, DeliverLogouts>()
        .AddSingleton<RecurringJob, PruneLogouts>();

    public static OpenIddictServerBuilder UseLogout(this OpenIddictServerBuilder server) => server
        .Add(DescribeLogout.Descriptor)  // Back-Channel Logout §2.1, Front-Channel Logout §3, Session Management §3.3
        .Add(ExplainRefusal.Descriptor); // what is registered instead, for the record
}
