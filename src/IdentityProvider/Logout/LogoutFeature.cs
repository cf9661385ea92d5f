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
/// </summary>
internal static class LogoutFeature
{
    public static IServiceCollection AddLogout(this IServiceCollection services) => services
        .AddSingleton<LogoutRequests>()
        .AddScoped<EndSessionEndpoint>()
        .AddScoped<ISessionEndedHandler, NotifyClients>()
        .AddScoped<LogoutActs>()
        .AddScoped<LogoutDeliveries>()
        .AddScoped<LogoutReceipts>()
        .AddScoped<BackChannel>()
        .AddSingleton<LogoutTokens>()
        .AddSingleton<LogoutCall>()
        .AddSingleton<LogoutDelivering>()
        .AddHostedService(provider => provider.GetRequiredService<LogoutDelivering>())
        .AddSingleton<RecurringJob, DeliverLogouts>()
        .AddSingleton<RecurringJob, PruneLogouts>();

    public static OpenIddictServerBuilder UseLogout(this OpenIddictServerBuilder server) => server
        .Add(DescribeLogout.Descriptor)  // Back-Channel Logout §2.1
        .Add(ExplainRefusal.Descriptor); // what is registered instead, for the record
}
