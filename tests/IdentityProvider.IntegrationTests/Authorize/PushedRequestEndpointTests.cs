using System.Net;
using System.Text.Json;
using IdentityProvider.Authorize;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.AuditTrail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Authorize;

/// <summary>What a client may push and what it is told (RFC 9126 §2). Checklist rows PR1, PR8 to PR15, PR17, PR18, RO1 and RO2.</summary>
public sealed class PushedRequestEndpointTests(SharedProviders providers)
{
    [Theory]
    [OnEachDatabase("redirect_uri", "https://evil.example/", "invalid_request")] // PR11
    [OnEachDatabase("redirect_uri", null, "invalid_request")] // PR11
    [OnEachDatabase("code_challenge", null, "invalid_request")] // PR12
    [OnEachDatabase("code_challenge_method", "plain", "invalid_request")] // PR13
    [OnEachDatabase("code_challenge_method", null, "invalid_request")] // PR13
    [OnEachDatabase("code_challenge", "short", "invalid_request")]
    [OnEachDatabase("response_type", "token", "unsupported_response_type unauthorized_client invalid_request")] // PR14
    [OnEachDatabase("response_type", "code id_token", "unsupported_response_type unauthorized_client invalid_request")] // PR14
    [OnEachDatabase("response_type", null, "invalid_request")]
    [OnEachDatabase("response_mode", "foo", "invalid_request unsupported_response_mode")]
    [OnEachDatabase("scope", "openid made-up", "invalid_scope")] // PR15
    [OnEachDatabase("resource", "https://nowhere.example", "invalid_target")]
    [OnEachDatabase("resource", "orders", "invalid_target")]
    [OnEachDatabase("prompt", "none login", "invalid_request")]
    [OnEachDatabase("max_age", "abc", "invalid_request")]
    [OnEachDatabase("request_uri", "https://app.example/request.jwt", "invalid_request")] // PR9, RO2
    [OnEachDatabase("request_uri", "urn:ietf:params:oauth:request_uri:another", "invalid_request")] // PR9
    [OnEachDatabase("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")] // RO1
    public async Task A_request_that_would_be_refused_is_refused_when_it_is_pushed(TestDatabase database, string name, string? value, string errors)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var request = shop.NewRequest(change: parameters =>
        {
            parameters.Remove(name);
            if (value is not null)
            {
                parameters[name] = value;
            }
        });

        var refused = await shop.PushAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.StartsWith("application/json", refused.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains(refused.Error, errors.Split(' '));
        Assert.Matches(@"^[\x20-\x21\x23-\x5B\x5D-\x7E]+$", refused["error_description"]);
        Assert.Null(refused.Find("error_uri"));
    }

    [Theory, OnEachDatabase] // RO8
    public async Task A_request_object_and_a_reference_at_once_are_refused(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        var refused = await shop.PushAsync(shop.NewRequest(change: parameters =>
            (parameters["request"], parameters["request_uri"]) = ("eyJhbGciOiJub25lIn0.e30.", "https://app.example/request.jwt")));

        Assert.Equal((HttpStatusCode.BadRequest, "request_not_supported"), (refused.Status, refused.Error));
    }

    [Theory, OnEachDatabase] // PR10, PR17
    public async Task Only_the_client_itself_pushes_its_requests(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var shop = host.RelyingParty(Shop);
        var request = shop.NewRequest();

        var wrong = await shop.With("wrong").PushAsync(request);
        var nobody = await shop.With(null, AuthenticationBy.None).PushAsync(request);
        var otherMethod = await shop.With(shop.Secret, AuthenticationBy.Post).PushAsync(request);
        var stranger = await new RelyingParty(host, "nobody", "secret", RedirectUri, AuthenticationBy.Basic).PushAsync(request);
        var another = await host.RelyingParty(Stall).PushAsync(request);

        Assert.All([wrong, nobody, otherMethod, stranger, another], refused =>
            Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (refused.Status, refused.Error)));
        Assert.Contains("Basic", wrong.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase] // the client is known before anything is said about its request
    public async Task A_stranger_learns_nothing_about_a_request(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        var refused = await shop.With("wrong").PushAsync(shop.NewRequest("openid made-up", parameters => parameters["redirect_uri"] = "https://evil.example/"));

        Assert.Equal("invalid_client", refused.Error);
    }

    [Theory] // PR8
    [OnEachDatabase("GET")]
    [OnEachDatabase("PUT")]
    [OnEachDatabase("DELETE")]
    [OnEachDatabase("PATCH")]
    public async Task It_is_by_POST_only(TestDatabase database, string method)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var request = new HttpRequestMessage(new HttpMethod(method), "connect/par?" + Wire.QueryOf(shop.NewRequest().Parameters));
        request.Headers.TryAddWithoutValidation("Authorization", Wire.Basic(Shop, shop.Secret!));

        var refused = await shop.SendAsync(request);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "invalid_request"), (refused.Status, refused.Error));
        Assert.Equal("POST", refused.Headers["Allow"]);
    }

    [Theory] // PR18
    [OnEachDatabase(20_000)]
    [OnEachDatabase(200_000)]
    [OnEachDatabase(3_000_000)]
    public async Task Too_long_a_request_is_too_large(TestDatabase database, int length)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var request = shop.NewRequest(change: parameters => parameters["state"] = new string('x', length));

        var refused = await shop.PushAsync(request);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "invalid_request"), (refused.Status, refused.Error));
    }

    [Theory, OnEachDatabase] // RFC 6749 §3.1
    public async Task A_repeated_parameter_is_refused(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var request = new HttpRequestMessage(HttpMethod.Post, "connect/par")
        {
            Content = new FormUrlEncodedContent([.. shop.NewRequest().Parameters, new("scope", "openid email")]),
        };
        request.Headers.TryAddWithoutValidation("Authorization", Wire.Basic(Shop, shop.Secret!));

        var refused = await shop.SendAsync(request);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (refused.Status, refused.Error));
    }

    [Theory, OnEachDatabase] // PR1
    public async Task A_good_request_gets_a_name_that_nobody_guesses_for_ninety_seconds(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);

        var first = await shop.PushAsync(shop.NewRequest());
        var second = await shop.PushAsync(shop.NewRequest());

        Assert.Equal(HttpStatusCode.Created, first.Status);
        Assert.StartsWith("application/json", first.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("no-store", first.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.StartsWith(Pushing.Prefix, first["request_uri"], StringComparison.Ordinal);
        Assert.Equal(Pushing.Prefix.Length + 43, first["request_uri"].Length);
        Assert.NotEqual(first["request_uri"], second["request_uri"]);
        Assert.Equal(JsonValueKind.Number, first.Json.GetProperty("expires_in").ValueKind);
        Assert.Equal(90, first.Json.GetProperty("expires_in").GetInt32());
        Assert.Equal(["expires_in", "request_uri"], first.Json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
    }

    [Theory, OnEachDatabase]
    public async Task A_public_client_pushes_without_proof(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var spa = host.RelyingParty(Spa);
        var request = spa.NewRequest();
        using var browser = host.NewBrowser();

        var opened = await browser.OpenAsync(await spa.PushedUrlAsync(request));

        Assert.True(opened.Has("login-submit"));
    }

    [Theory, OnEachDatabase]
    public async Task What_is_refused_is_recorded(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var shop = host.RelyingParty(Shop);

        await shop.PushAsync(shop.NewRequest("openid made-up"));

        var recorded = await host.RefusalAsync("scope.unknown");
        Assert.Equal((Shop, "pushed_authorization", "invalid_scope"), (recorded.ClientId, recorded.Endpoint, recorded.Error));
    }

    [Theory, OnEachDatabase]
    public async Task Neither_the_name_nor_the_clients_secret_is_kept(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var poster = host.RelyingParty(Poster);
        var request = poster.NewRequest();

        var pushed = await poster.PushAsync(request);

        await using var scope = host.Services.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<PendingRequest>().AsNoTracking()
            .Where(row => row.ClientId == Poster).ToListAsync();
        var row = Assert.Single(rows, row => row.Parameters.Contains(request.State!, StringComparison.Ordinal));
        Assert.DoesNotContain(poster.Secret!, row.Parameters, StringComparison.Ordinal);
        Assert.DoesNotContain("client_secret", row.Parameters, StringComparison.Ordinal);
        Assert.DoesNotContain(pushed["request_uri"][Pushing.Prefix.Length..], row.Parameters, StringComparison.Ordinal);
        Assert.Equal(32, row.PushedReference!.Length);
    }
}
