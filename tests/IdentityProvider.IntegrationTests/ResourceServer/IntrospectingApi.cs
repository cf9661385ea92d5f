using System.Net.Http.Headers;
using System.Security.Claims;
using IdentityProvider.ResourceServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.ResourceServer;

/// <summary>The orders API of the standard declaration, made with the package, which asks a real provider about tokens.</summary>
internal sealed class IntrospectingApi : IAsyncDisposable
{
    private readonly WebApplication app;

    private IntrospectingApi(WebApplication app) => this.app = app;

    public static async Task<IntrospectingApi> StartAsync(ProviderHost provider, Action<ResourceServerOptions> configure, TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddIdentityProviderAuthentication(provider.Issuer, ApiResource, options =>
        {
            options.RequireHttpsMetadata = false;
            options.Introspection.Use = IntrospectionUse.EveryToken;
            options.Introspection.CacheDuration = TimeSpan.Zero;
            options.Introspection.ClientId = Api;
            options.Introspection.ClientSecret = provider.RelyingParty(Api).Secret!;
            configure(options);
        });
        var app = builder.Build();
        app.MapGet("/orders", (ClaimsPrincipal user) => user.GetSubject()).RequireScope("orders");
        app.MapGet("/just-now", () => "ok").RequireAuthenticationContext(maxAge: TimeSpan.FromMinutes(5));
        app.MapGet("/strong", () => "ok").RequireAuthenticationContext("urn:example:strong");
        await app.StartAsync();
        return new IntrospectingApi(app);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await app.GetTestClient().SendAsync(request);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
