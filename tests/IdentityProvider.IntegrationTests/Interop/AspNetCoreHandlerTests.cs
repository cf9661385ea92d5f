using System.Net;
using System.Text.Json.Nodes;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace IdentityProvider.IntegrationTests.Interop;

/// <summary>ASP.NET Core's own OpenID Connect handler, in the ways that .NET teams use it.</summary>
public class AspNetCoreHandlerTests(SharedProviders providers)
{
    private const string Secret = "handler-secret-0000000000000000000000000000";

    [Theory]
    [OnEachDatabase("query", PushedAuthorizationBehavior.Disable, "code")]
    [OnEachDatabase("query", PushedAuthorizationBehavior.Require, "code")] // RFC 9126
    [OnEachDatabase("form_post", PushedAuthorizationBehavior.Disable, "code")] // the handler's default
    [OnEachDatabase("form_post", PushedAuthorizationBehavior.Require, "code")]
    [OnEachDatabase("form_post", PushedAuthorizationBehavior.UseIfAvailable, "code id_token")] // OpenID Connect Core §3.3
    public async Task A_person_signs_in_to_an_app_on_it(
        TestDatabase database, string responseMode, PushedAuthorizationBehavior pushed, string responseType)
    {
        var provider = await providers.OnAsync(database);
        var person = await provider.NewPersonAsync();
        var port = Ports.Free();
        var clientId = $"handler-{port}";
        await provider.ApplyAsync(new JsonObject
        {
            ["clients"] = new JsonArray(new JsonObject
            {
                ["client_id"] = clientId,
                ["client_secret"] = Secret,
                ["token_endpoint_auth_method"] = "client_secret_post",
                ["grant_types"] = responseType == "code" ? new JsonArray("authorization_code") : new JsonArray("authorization_code", "implicit"),
                ["response_types"] = new JsonArray(responseType),
                // The handler sends a code challenge with the response type code only.
                ["require_pkce"] = responseType == "code",
                ["require_pushed_authorization_requests"] = pushed == PushedAuthorizationBehavior.Require,
                ["redirect_uris"] = new JsonArray($"http://localhost:{port}/signin-oidc"),
                ["scope"] = "openid profile email",
            }),
        }.ToJsonString());
        await using var app = BuildApp(provider.Issuer, port, clientId, options =>
        {
            (options.ResponseMode, options.ResponseType, options.PushedAuthorizationBehavior) = (responseMode, responseType, pushed);
        });
        await app.StartAsync();
        using var browser = new LoopbackBrowser();

        var page = await browser.OpenAsync($"http://localhost:{port}/");
        page = await browser.PressAsync(page, "login-submit", new Dictionary<string, string> { ["username"] = person.UserName, ["password"] = person.Password });
        page = await browser.PressAsync(page, "consent-allow");
        if (responseMode == "form_post")
        {
            // Without scripts a person presses the button; with them the page does it.
            var button = page.Document.QuerySelector("form button[type=submit]") ?? throw new InvalidOperationException($"No form on {page}");
            button.Id = "go-on";
            page = await browser.PressAsync(page, "go-on");
        }

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal($"{person.Subject} Pat Person {person.UserName}@example.com", page.Body);
    }

    private static WebApplication BuildApp(string issuer, int port, string clientId, Action<OpenIdConnectOptions> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(options =>
            {
                options.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
                options.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;
            })
            .AddCookie(cookie => cookie.Cookie.Name = clientId)
            .AddOpenIdConnect(options =>
            {
                options.Authority = issuer;
                options.ClientId = clientId;
                options.ClientSecret = Secret;
                options.RequireHttpsMetadata = false;
                options.MapInboundClaims = false;
                options.GetClaimsFromUserInfoEndpoint = true;
                options.Scope.Add("email");
                // Plain http: the handler's own SameSite=None would need https. One host on two ports is one site.
                (options.CorrelationCookie.SameSite, options.NonceCookie.SameSite) = (SameSiteMode.Lax, SameSiteMode.Lax);
                (options.CorrelationCookie.SecurePolicy, options.NonceCookie.SecurePolicy) = (CookieSecurePolicy.SameAsRequest, CookieSecurePolicy.SameAsRequest);
                configure(options);
            });

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/", (HttpContext http) =>
                $"{http.User.FindFirst("sub")?.Value} {http.User.FindFirst("name")?.Value} {http.User.FindFirst("email")?.Value}")
            .RequireAuthorization();
        return app;
    }
}
