using IdentityProvider.Protocol;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Federation;

/// <summary>
/// Carries what the provider said from its callback to ours, for as long as a person may need to prove a local account.
/// It signs nobody in: only <see cref="ExternalSignIn"/> reads it.
/// </summary>
internal static class ExternalCookie
{
    public const string Scheme = "external";

    // In the properties of the challenge, which travel in the protected state: which provider was asked.
    private const string ProviderItem = "provider";

    private static readonly TimeSpan lifetime = TimeSpan.FromMinutes(10);

    public static void AddExternalCookie(this AuthenticationBuilder authentication)
    {
        authentication.AddCookie(Scheme);
        authentication.Services.AddOptions<CookieAuthenticationOptions>(Scheme).Configure<CookieNames>((options, names) =>
        {
            names.Apply(options.Cookie, "external");
            options.ExpireTimeSpan = lifetime;
            options.SlidingExpiration = false;
        });
    }

    public static void SetProvider(AuthenticationProperties properties, ExternalProvider provider) =>
        properties.Items[ProviderItem] = provider.Name;

    /// <summary>What the provider said, or null when nothing is waiting in this browser.</summary>
    public static async Task<ExternalIdentity?> ReadAsync(HttpContext http, ExternalProviders providers)
    {
        var result = await http.AuthenticateAsync(Scheme);
        return result.Succeeded
            && result.Properties.Items.TryGetValue(ProviderItem, out var name)
            && providers.Find(name) is { } provider
                ? ExternalIdentity.From(result.Principal, provider)
                : null;
    }

    public static Task DeleteAsync(HttpContext http) => http.SignOutAsync(Scheme);
}
