using IdentityProvider.Configuration;
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
        services.AddScoped<SessionRegistry>();
        services.AddAuthentication(SessionAuthenticationHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthenticationHandler>(SessionAuthenticationHandler.SchemeName, configureOptions: null);
        return services;
    }
}
