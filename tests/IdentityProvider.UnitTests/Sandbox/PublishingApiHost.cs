using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using IdentityProvider.ResourceServer;
using IdentityProvider.Sandbox.Api;
using IdentityProvider.Sandbox.Api.Readers;
using IdentityProvider.UnitTests.ResourceServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IdentityProvider.UnitTests.Sandbox;

/// <summary>The sample API alone, with an identity provider that signs whatever a test wants.</summary>
internal sealed class PublishingApiHost : IAsyncDisposable
{
    public const string EveryScope = "posts.read posts.write readers.export notes.read";

    private readonly WebApplication app;
    private readonly DirectoryInfo? folder;

    private PublishingApiHost(WebApplication app, TokenMint mint, StandInProvider provider, FakeTimeProvider clock, DirectoryInfo? folder) =>
        (this.app, Mint, Provider, Clock, this.folder) = (app, mint, provider, clock, folder);

    public TokenMint Mint { get; }

    public StandInProvider Provider { get; }

    public FakeTimeProvider Clock { get; }

    /// <param name="now">The API's time; by default a Tuesday, one o'clock in Berlin.</param>
    /// <param name="caller">The address of the callers.</param>
    /// <param name="database">The API's file; by default one of its own.</param>
    public static async Task<PublishingApiHost> StartAsync(DateTimeOffset? now = null, string caller = "127.0.0.1", bool isAlwaysOpen = false, string? database = null)
    {
        var clock = new FakeTimeProvider(now ?? new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
        var mint = new TokenMint(clock);
        var provider = new StandInProvider(mint);
        var folder = database is null ? Directory.CreateTempSubdirectory("publishing-") : null;

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddPublishingApi(new PublishingApiSettings(
            TokenMint.Issuer, TokenMint.Audience, database ?? Path.Combine(folder!.FullName, "publishing.db"), isAlwaysOpen));
        builder.Services.AddHttpClient(ResourceServerExtensions.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => provider);
        var app = builder.Build();
        app.Use((http, next) =>
        {
            http.Connection.RemoteIpAddress = IPAddress.Parse(caller);
            return next(http);
        });
        app.UsePublishingApi();
        await app.StartAsync();
        return new PublishingApiHost(app, mint, provider, clock, folder);
    }

    /// <summary>A good access token: the person may do nothing, unless told otherwise.</summary>
    public string Token(
        string subject = "rita", string scope = EveryScope, string[]? roles = null, string[]? permissions = null, string? region = null, TimeSpan? signedInFor = null) =>
        Mint.TokenWithGrants(claims =>
        {
            (claims["sub"], claims["scope"]) = (subject, scope);
            (claims["roles"], claims["entitlements"]) = (roles ?? [], permissions ?? []);
            claims["auth_time"] = (Clock.GetUtcNow() - (signedInFor ?? TimeSpan.Zero)).ToUnixTimeSeconds();
            if (region is not null)
            {
                claims[ReaderExport.RegionClaim] = region;
            }
        });

    public async Task<HttpResponseMessage> SendAsync(string method, string path, string? token, object? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : JsonContent.Create(body) };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await app.GetTestClient().SendAsync(request);
    }

    /// <summary>A draft, and its owner's token.</summary>
    public async Task<(int Id, string Owner)> WriteAsync(string owner)
    {
        var token = Token(owner, permissions: ["posts.create"]);
        using var response = await SendAsync("POST", "/posts", token, new { title = "A title", text = "A text", byline = "Somebody" });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return ((await JsonOf(response)).GetProperty("id").GetInt32(), Token(owner));
    }

    public static async Task<JsonElement> JsonOf(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Mint.Dispose();
        folder?.Delete(recursive: true);
    }
}
