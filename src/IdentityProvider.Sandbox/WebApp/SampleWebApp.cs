using IdentityProvider.Sandbox.WebApp.Posts;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace IdentityProvider.Sandbox.WebApp;

/// <summary>What the sample web app is told: who signs its people in, and which API it calls.</summary>
/// <param name="TestPeople">People and passwords to show to whoever is new here, as only a sandbox may.</param>
/// <param name="EndedSessionsFile">Where the app keeps which sessions the provider ended.</param>
internal sealed record WebAppSettings(
    string Address, string Authority, string ClientId, string ClientSecret, string ApiAddress, IReadOnlyList<SandboxPerson> TestPeople, string EndedSessionsFile);

/// <summary>
/// A web app as anybody might write it: people sign in through the provider, see their claims, call an API, sign out.
/// Nothing in it knows the provider's code; it speaks OpenID Connect through ASP.NET Core's own handler.
/// </summary>
internal static class SampleWebApp
{
    public const string Name = "sample-web-app";

    public static void AddSampleWebApp(this IServiceCollection services, WebAppSettings settings)
    {
        var cookies = new CookieStyle(Name, settings.Address);

        services.AddSingleton(settings);
        services.AddAntiforgery(antiforgery => cookies.Apply(antiforgery.Cookie, "antiforgery"));
        services.AddRazorComponents();
        services.AddAuthorization();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(cookie =>
            {
                cookies.Apply(cookie.Cookie, "session");
                cookie.LoginPath = WebAppEndpoints.SignInPath;
                cookie.Events.OnValidatePrincipal = SignOutByProvider.RejectEndedAsync;
            })
            .AddOpenIdConnect(openIdConnect => SignIn.Configure(openIdConnect, settings, cookies));

        services.AddSingleton<SessionTokens>();
        services.AddSingleton(provider => new EndedSessions(settings.EndedSessionsFile, provider.GetRequiredService<TimeProvider>()));
        services.AddHttpClient<SampleApiClient>(client => client.BaseAddress = new Uri(settings.ApiAddress));
        services.AddScoped<ApiSession>();
    }

    public static void UseSampleWebApp(this WebApplication app)
    {
        app.UsePageHeaders(app.Services.GetRequiredService<WebAppSettings>().Authority);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapSampleWebApp();
        app.MapPosts();
        app.MapEmbedded("/web-app.css", "web-app.css", "text/css");
    }
}
