using IdentityProvider.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Federation;

/// <summary>
/// Signing in with an account elsewhere: Google.
/// Pages: <c>/external-login/{provider}</c> starts, <c>/external-login/callback</c> finishes; <c>/signin-google</c> is the handler's own.
/// Rows: UserLogins (through Users). Options: IdentityProvider:Google.
/// </summary>
internal static class FederationFeature
{
    public static IServiceCollection AddFederation(this IServiceCollection services)
    {
        var google = services.AddSettings<GoogleSignInOptions>(GoogleSignInOptions.Section);
        services.AddSingleton<ExternalProviders>();
        services.AddScoped<ExternalAccounts>();
        services.AddScoped<ExternalSignIn>();

        var authentication = services.AddAuthentication();
        authentication.AddExternalCookie();
        if (google.IsConfigured)
        {
            authentication.AddGoogle();
        }

        return services;
    }
}
