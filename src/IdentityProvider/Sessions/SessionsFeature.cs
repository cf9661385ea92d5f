using IdentityProvider.Configuration;
using IdentityProvider.Jobs;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Sessions;

/// <summary>
/// Server-side sessions. Row: Session. Cookie: a random reference. Options: IdentityProvider:Sessions.
/// Whoever ends a session calls <see cref="SessionRegistry"/>, which tells each <see cref="ISessionEndedHandler"/> within the same transaction.
/// </summary>
internal static class SessionsFeature
{
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddSettings<SessionOptions>(SessionOptions.Section);
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<SessionLife>();
        services.AddSingleton<BrowserState>();
        services.AddSingleton<PresentedSessions>();
        services.AddSingleton<NewSessions>();
        services.AddScoped<SessionRegistry>();
        services.AddScoped<SessionList>();
        services.AddSingleton<RecurringJob, WriteLastSeen>();
        services.AddSingleton<RecurringJob, EndExpiredSessions>();
        services.AddSingleton<RecurringJob, PruneSessions>();
        // Not the default for authenticating: sign-in pages must not bind their antiforgery tokens to whoever is signed in,
        // or a second tab's login page would be refused as soon as the first one is done. A person's own pages name the scheme.
        services.AddAuthentication(options => options.DefaultChallengeScheme = SessionAuthenticationHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthenticationHandler>(SessionAuthenticationHandler.SchemeName, configureOptions: null);
        services.AddAuthorizationBuilder().AddPolicy(SessionAuthenticationHandler.SchemeName, policy => policy
            .AddAuthenticationSchemes(SessionAuthenticationHandler.SchemeName)
            .RequireAuthenticatedUser());
        return services;
    }
}
