using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Security.Claims;
using IdentityProvider.ResourceServer;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IdentityProvider.UnitTests.ResourceServer;

/// <summary>An API protected by the library, whose identity provider is a <see cref="TokenMint"/>.</summary>
internal sealed class ProtectedApi : IAsyncDisposable
{
    private readonly WebApplication app;

    private ProtectedApi(WebApplication app, TokenMint mint, StandInProvider provider, FakeTimeProvider clock, TestLog log) =>
        (this.app, Mint, Provider, Clock, Log) = (app, mint, provider, clock, log);

    public TokenMint Mint { get; }

    public StandInProvider Provider { get; }

    public FakeTimeProvider Clock { get; }

    public TestLog Log { get; }

    /// <summary>How often a handler ran.</summary>
    public int Handled { get; private set; }

    public static async Task<ProtectedApi> StartAsync(
        Action<ResourceServerOptions>? configure = null, Action<AttributePolicyBuilder>? policy = null, IPAddress? caller = null)
    {
        // A Tuesday.
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
        var mint = new TokenMint(clock);
        var provider = new StandInProvider(mint);
        var log = new TestLog();

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddIdentityProviderAuthentication(TokenMint.Issuer, TokenMint.Audience, configure);
        builder.Services.AddHttpClient(ResourceServerExtensions.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => provider);
        builder.Services.AddSignalR();
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy("editors", policy => policy.RequireScope("notes.edit"))
            .AddPolicy("deleters", policy => policy.RequirePermission("posts.delete"))
            .AddAttributePolicy("attributes", policy ?? (policy => policy.Require("everything", _ => true)));

        var app = builder.Build();
        var api = new ProtectedApi(app, mint, provider, clock, log);
        app.Use((http, next) =>
        {
            http.Connection.RemoteIpAddress = caller;
            return next(http);
        });
        app.UseAuthentication();
        app.UseAuthorization();
        api.MapScopes(app);
        api.MapGuards(app);
        api.MapPosts(app);
        app.MapHub<GuardedHub>("/hub");
        await app.StartAsync();
        return api;
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, token);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token)
    {
        var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return app.GetTestClient().SendAsync(request);
    }

    public Task<WebSocket> ConnectAsync(string path, string token)
    {
        var client = app.GetTestServer().CreateWebSocketClient();
        client.ConfigureRequest = request => request.Headers.Authorization = "Bearer " + token;
        return client.ConnectAsync(new Uri("ws://localhost" + path), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Mint.Dispose();
    }

    // Plain delegates where they will do: ASP.NET Core compiles code for the others, for each API that a test starts.
    private void MapScopes(IEndpointRouteBuilder app)
    {
        app.MapGet("/open", HandleAsync);
        app.MapGet("/me", http => http.Response.WriteAsync(http.User.Identity!.Name ?? "")).RequireAuthorization();
        app.MapGet("/claims", http => http.Response.WriteAsJsonAsync(http.User.Claims.Select(claim => claim.Type))).RequireAuthorization();
        app.MapGet("/notes", HandleAsync).RequireScope("notes.read");
        app.MapGet("/both", HandleAsync).RequireScope("notes.read", "notes.write");
        app.MapGet("/edit", HandleAsync).RequireAuthorization("editors");
        app.MapGet("/attribute", [RequireScope("notes.read")] (HttpContext http) => HandleAsync(http));
    }

    private void MapGuards(IEndpointRouteBuilder app)
    {
        app.MapGet("/delete", HandleAsync).RequirePermission("posts.delete");
        app.MapGet("/delete-attribute", [RequirePermission("posts.delete")] (HttpContext http) => HandleAsync(http));
        app.MapGet("/delete-policy", HandleAsync).RequireAuthorization("deleters");
        app.MapGroup("/group").RequirePermission("posts.delete").MapGet("/delete", HandleAsync);
        app.MapGet("/delete-all", HandleAsync).RequirePermission("posts.delete", "posts.purge");
        app.MapGet("/editors", HandleAsync).RequireRole("editor", "chief");
        app.MapGet("/editors-attribute", [RequireRole("editor", "chief")] (HttpContext http) => HandleAsync(http));
        app.MapGet("/editors-aspnet", [Authorize(Roles = "editor,chief")] (HttpContext http) => HandleAsync(http));
        app.MapGet("/strong", HandleAsync).RequireAuthenticationContext("urn:strong urn:stronger");
        app.MapGet("/strong-attribute", [RequireAuthenticationContext("urn:strong urn:stronger")] (HttpContext http) => HandleAsync(http));
        app.MapGet("/fresh", HandleAsync).RequireAuthenticationContext(maxAge: TimeSpan.FromMinutes(5));
        app.MapGet("/fresh-attribute", [RequireAuthenticationContext(MaxAgeSeconds = 300)] (HttpContext http) => HandleAsync(http));
        app.MapGet("/everything", HandleAsync)
            .RequireScope("notes.write").RequireAuthenticationContext("urn:strong", TimeSpan.FromMinutes(5));
        app.MapGet("/everything-and-permission", HandleAsync)
            .RequireScope("notes.write").RequirePermission("posts.delete").RequireAuthenticationContext("urn:strong");
        app.MapGet("/attributes", HandleAsync).RequireAuthorization("attributes");
    }

    private void MapPosts(IEndpointRouteBuilder app)
    {
        static ValueTask<Post?> Load(HttpContext http) => new(Post.Find((string?)http.GetRouteValue("name")));

        app.MapGet("/posts/{name}", (HttpContext http) => Handle() + " " + http.GetOwned<Post>().OwnerSubject).RequireOwner(Load);
        app.MapGet("/hidden/{name}", Handle).RequireOwner(Load, hideExistence: true);
        app.MapGet("/edit/{name}", Handle).RequireOwner(Load, orPermission: "posts.edit-any");
        app.MapGet("/publish/{name}", async (string name, ClaimsPrincipal user, IAuthorizationService authorization) =>
            (await authorization.AuthorizeAsync(user, new AccessRequest("publish", Post.Find(name)), "attributes")).Succeeded ? Results.Ok(Handle()) : Results.Forbid())
            .RequireAuthorization();
        app.MapGet("/ask/{name}", async (string name, ClaimsPrincipal user, IAuthorizationService authorization) =>
            (await authorization.AuthorizeAsync(user, Post.Find(name), Ownership.RequiredOr("posts.edit-any"))).Succeeded ? Results.Ok(Handle()) : Results.Forbid())
            .RequireAuthorization();
    }

    private Task HandleAsync(HttpContext http) => http.Response.WriteAsync(Handle());

    private string Handle()
    {
        Handled++;
        return "handled";
    }
}
