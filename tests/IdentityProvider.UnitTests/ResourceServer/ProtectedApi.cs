using System.Net.Http.Headers;
using System.Security.Claims;
using IdentityProvider.ResourceServer;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace IdentityProvider.UnitTests.ResourceServer;

/// <summary>An API protected by the library, whose identity provider is a <see cref="TokenMint"/>.</summary>
internal sealed class ProtectedApi : IAsyncDisposable
{
    private readonly WebApplication app;

    private ProtectedApi(WebApplication app, TokenMint mint, FakeTimeProvider clock)
    {
        this.app = app;
        Mint = mint;
        Clock = clock;
    }

    public TokenMint Mint { get; }

    public FakeTimeProvider Clock { get; }

    public static async Task<ProtectedApi> StartAsync(Action<ResourceServerOptions>? configure = null)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
        var mint = new TokenMint(clock);
        var discovery = new OpenIdConnectConfiguration { Issuer = TokenMint.Issuer };
        foreach (var key in mint.PublicKeys)
        {
            discovery.SigningKeys.Add(key);
        }

        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddIdentityProviderResourceServer(options =>
        {
            options.Authority = TokenMint.Issuer;
            options.Audience = TokenMint.Audience;
            configure?.Invoke(options);
        });
        builder.Services.Configure<JwtBearerOptions>(
            JwtBearerDefaults.AuthenticationScheme, options => options.Configuration = discovery);
        builder.Services.AddAuthorizationBuilder().AddPolicy("editors", policy => policy.RequireScope("notes.edit"));

        var app = builder.Build();
        app.MapGet("/open", () => "open");
        app.MapGet("/me", (ClaimsPrincipal user) => user.Identity!.Name).RequireAuthorization();
        app.MapGet("/claims", (ClaimsPrincipal user) => user.Claims.Select(claim => claim.Type)).RequireAuthorization();
        app.MapGet("/notes", () => "notes").RequireScope("notes.read");
        app.MapGet("/both", () => "both").RequireScope("notes.read", "notes.write");
        app.MapGet("/edit", () => "edit").RequireAuthorization("editors");
        app.MapGet("/attribute", [RequireScope("notes.read")] () => "attribute");
        await app.StartAsync();
        return new ProtectedApi(app, mint, clock);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return app.GetTestClient().SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Mint.Dispose();
    }
}
