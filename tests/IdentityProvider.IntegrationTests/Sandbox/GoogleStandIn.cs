using System.Net;
using System.Text.Json;
using IdentityProvider.Sandbox.Google;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.IntegrationTests.Sandbox;

/// <summary>The stand-in for Google alone, with one client and a clock of its own.</summary>
internal sealed class GoogleStandIn : IAsyncDisposable
{
    public const string Issuer = "http://localhost";
    public const string ClientId = "client";
    public const string Secret = "secret";
    public const string RedirectUri = "http://localhost:5000/signin-google";
    public const string OtherRedirectUri = "http://localhost:5000/other";
    public const string Grace = "110000000000000000001";

    private readonly WebApplication app;

    private GoogleStandIn(WebApplication app, TestClock clock)
    {
        this.app = app;
        Clock = clock;
        Http = app.GetTestClient();
    }

    public TestClock Clock { get; }

    public HttpClient Http { get; }

    public static async Task<GoogleStandIn> StartAsync()
    {
        var clock = new TestClock();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddGoogle(new GoogleSettings(Issuer, ClientId, Secret, "The shop", [RedirectUri, OtherRedirectUri]));
        var app = builder.Build();
        app.UseGoogle();
        await app.StartAsync();
        return new GoogleStandIn(app, clock);
    }

    public static string RequestUrl(
        string scope = "openid profile email", string? state = "s", string? challenge = null, IReadOnlyDictionary<string, string>? other = null)
    {
        var parameters = new Dictionary<string, string>
        {
            ["client_id"] = ClientId,
            ["redirect_uri"] = RedirectUri,
            ["response_type"] = "code",
            ["scope"] = scope,
        };
        if (state is not null)
        {
            parameters["state"] = state;
        }

        if (challenge is not null)
        {
            parameters["code_challenge"] = challenge;
            parameters["code_challenge_method"] = "S256";
        }

        foreach (var (name, value) in other ?? new Dictionary<string, string>())
        {
            parameters[name] = value;
        }

        return GoogleApp.AuthorizationPath + "?" + Wire.QueryOf(parameters);
    }

    /// <summary>Answers the consent screen and returns what the client is told.</summary>
    public async Task<IReadOnlyDictionary<string, string>> AnswerAsync(string url, params (string Name, string Value)[] form)
    {
        using var response = await Http.PostAsync(url, Form(form));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        var location = response.Headers.Location!;
        Assert.Equal(RedirectUri, location.GetLeftPart(UriPartial.Path));
        return Wire.ParseQuery(location.Query);
    }

    public async Task<string> CodeAsync(string? url = null, string account = Grace) =>
        (await AnswerAsync(url ?? RequestUrl(), ("account", account)))["code"];

    public async Task<(HttpStatusCode Status, JsonElement Body)> ExchangeAsync(
        string code, string? verifier = null, string secret = Secret, string redirectUri = RedirectUri)
    {
        List<(string, string)> form =
        [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectUri), ("client_id", ClientId), ("client_secret", secret),
        ];
        if (verifier is not null)
        {
            form.Add(("code_verifier", verifier));
        }

        using var response = await Http.PostAsync(GoogleApp.TokenPath, Form([.. form]));
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public async Task<(HttpStatusCode Status, string Body)> UserInfoAsync(string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, GoogleApp.UserInfoPath);
        request.Headers.Authorization = new("Bearer", accessToken);
        using var response = await Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
}
