using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using IdentityProvider.IntegrationTests.AuditTrail;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Hosting;

public sealed class PipelineTests(SharedProviders providers)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/login")]
    [InlineData("/no-such-page")]
    public async Task Every_page_forbids_what_it_does_not_use(string path)
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);

        using var response = await provider.Http.GetAsync(path);

        var policy = Header(response, "Content-Security-Policy");
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("DENY", Header(response, "X-Frame-Options"));
        Assert.Equal("no-referrer", Header(response, "Referrer-Policy"));
        Assert.Contains("no-store", Header(response, "Cache-Control"), StringComparison.Ordinal);
        Assert.Contains("camera=()", Header(response, "Permissions-Policy"), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task On_https_browsers_are_told_to_come_back_on_https_only()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings
        {
            Issuer = "https://login.example.com", Environment = "Production", Declaration = null,
        });

        using var response = await provider.Http.GetAsync("/login");

        Assert.Equal("max-age=31536000", Header(response, "Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("/connect/token", HttpStatusCode.BadRequest)]
    [InlineData("/connect/userinfo", HttpStatusCode.Unauthorized)]
    [InlineData("/.well-known/nothing", HttpStatusCode.NotFound)]
    [InlineData("/health/nothing", HttpStatusCode.NotFound)]
    public async Task What_programs_ask_for_is_never_answered_by_a_page(string path, HttpStatusCode expected)
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);

        using var response = await provider.Http.PostAsync(path, new FormUrlEncodedContent([]));

        Assert.True(response.StatusCode == expected || response.StatusCode == HttpStatusCode.MethodNotAllowed, $"{response.StatusCode}");
        Assert.NotEqual("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Addresses_come_from_the_issuer_and_never_from_the_request()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var request = new HttpRequestMessage(HttpMethod.Get, ".well-known/openid-configuration");
        request.Headers.Host = "evil.example";
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("Forwarded", "host=evil.example;proto=https");

        using var response = await provider.Http.SendAsync(request);

        var document = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(provider.Issuer, document.GetProperty("issuer").GetString());
        Assert.DoesNotContain("evil", document.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(provider.Issuer + "/connect/token", document.GetProperty("token_endpoint").GetString());
    }

    [Theory]
    [InlineData(null, "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.9")]
    [InlineData("10.0.0.1", "127.0.0.1")]
    public async Task A_callers_address_is_taken_from_known_proxies_only(string? proxy, string expected)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings
        {
            Configuration = proxy is null ? new Dictionary<string, string?>() : new() { ["IdentityProvider:ForwardedHeaders:KnownProxies:0"] = proxy },
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "connect/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", StandardDeclaration.Machine), new("client_secret", "wrong")]),
        };
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");

        using var response = await provider.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var refused = await provider.RefusalAsync("client.method");
        Assert.Equal(expected, refused.RemoteAddress);
    }

    [Fact]
    public async Task An_issuer_with_a_path_is_served_whether_the_proxy_strips_the_path_or_not()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Issuer = "https://example.com/idp", Declaration = null });

        var kept = await provider.Http.GetFromJsonAsync<JsonElement>("https://example.com/idp/.well-known/openid-configuration");
        var stripped = await provider.Http.GetFromJsonAsync<JsonElement>("https://example.com/.well-known/openid-configuration");

        Assert.Equal("https://example.com/idp/connect/token", kept.GetProperty("token_endpoint").GetString());
        Assert.Equal(kept.GetRawText(), stripped.GetRawText());
        Assert.Equal("https://example.com/idp", kept.GetProperty("issuer").GetString());
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_refused()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);

        using var response = await provider.Http.PostAsync("connect/token", new FormUrlEncodedContent([new("grant_type", new string('x', 300_000))]));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [OnEachDatabase]
    public async Task Health_is_plain_and_needs_nobody_to_sign_in(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);

        Assert.Equal("live", await provider.Http.GetStringAsync("health/live"));
        Assert.Equal("ready", await provider.Http.GetStringAsync("health/ready"));
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
}
