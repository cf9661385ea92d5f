using System.Net;
using System.Text;
using System.Text.Json;
using IdentityProvider.ResourceServer;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace IdentityProvider.UnitTests.ResourceServer;

public sealed class SigningKeyTests
{
    [Fact]
    public async Task A_key_the_provider_brings_in_is_found_without_a_restart_and_a_stranger_causes_no_storm_of_lookups()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
        using var first = new TokenMint(clock);
        using var second = new TokenMint(clock);
        var provider = new PublishedKeys(first);
        await using var app = await StartApiAsync(clock, provider);
        using var api = app.GetTestClient();
        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, first.Token()));

        provider.Signer = second;
        await UntilAcceptedAsync(api, second);

        var lookups = provider.Lookups;
        using var stranger = new TokenMint(clock);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(api, stranger.Token()));
        }

        Assert.InRange(provider.Lookups - lookups, 0, 1);
    }

    private static async Task<WebApplication> StartApiAsync(FakeTimeProvider clock, PublishedKeys provider)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddIdentityProviderResourceServer(options =>
        {
            options.Authority = TokenMint.Issuer;
            options.Audience = TokenMint.Audience;
        });
        builder.Services.Configure<JwtBearerOptions>(
            JwtBearerDefaults.AuthenticationScheme, options => options.BackchannelHttpHandler = provider);
        var app = builder.Build();
        app.MapGet("/", () => "ok").RequireAuthorization();
        await app.StartAsync();
        return app;
    }

    // The unknown key sets off a lookup in the background; meanwhile its tokens are refused.
    private static async Task UntilAcceptedAsync(HttpClient api, TokenMint mint)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await CallAsync(api, mint.Token()) != HttpStatusCode.OK)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static async Task<HttpStatusCode> CallAsync(HttpClient api, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Authorization = new("Bearer", token);
        using var response = await api.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>The provider's discovery document and key set, as fetched over http.</summary>
    private sealed class PublishedKeys(TokenMint signer) : HttpMessageHandler
    {
        private int lookups;

        public TokenMint Signer { get; set; } = signer;

        public int Lookups => lookups;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath == "/.well-known/openid-configuration")
            {
                return Task.FromResult(Json(new { issuer = TokenMint.Issuer, jwks_uri = TokenMint.Issuer + "/keys" }));
            }

            Interlocked.Increment(ref lookups);
            var keys = Signer.PublicKeys.Select(JsonWebKeyConverter.ConvertFromSecurityKey)
                .Select(key => new { kty = key.Kty, kid = key.Kid, n = key.N, e = key.E, crv = key.Crv, x = key.X, y = key.Y });
            return Task.FromResult(Json(new { keys }));
        }

        private static HttpResponseMessage Json(object body) =>
            new(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
    }
}
