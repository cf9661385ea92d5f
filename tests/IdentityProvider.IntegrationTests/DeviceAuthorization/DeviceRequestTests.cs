using System.Net;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.DeviceAuthorization;

/// <summary>The device authorization endpoint: RFC 8628 §3.1, §3.2.</summary>
public sealed class DeviceRequestTests(SharedProviders providers) : IClassFixture<SharedProviders>
{
    [Theory, OnEachDatabase]
    public async Task A_client_that_does_not_prove_itself_gets_no_codes(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);

        var nameless = await host.Device().SendAsync(new HttpRequestMessage(HttpMethod.Post, "connect/device") { Content = new FormUrlEncodedContent([]) });
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (nameless.Status, nameless.Error));
        Assert.Equal("invalid_client", (await host.Device("nobody").AskAsync()).Error);
        var wrong = await host.Device("box").With("wrong").AskAsync();
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (wrong.Status, wrong.Error));
        Assert.Equal("invalid_client", (await host.Device("box").With(null, AuthenticationBy.None).AskAsync()).Error);
        Assert.Equal("invalid_client", (await host.Device("box").With(host.Device("box").Secret, AuthenticationBy.Post).AskAsync()).Error);
    }

    [Theory, OnEachDatabase] // TK19 at this endpoint
    public async Task A_client_without_the_grant_gets_no_codes(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);

        Assert.Equal("unauthorized_client", (await host.RelyingParty(Shop).AskAsync("openid")).Error);
    }

    [Theory, OnEachDatabase] // RFC 6749 §3.3, RFC 8707 §2
    public async Task What_the_client_may_not_have_is_refused_before_anybody_is_asked(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        var tv = host.Device();

        Assert.Equal("invalid_scope", (await tv.AskAsync("openid nonsense")).Error);
        Assert.Equal("invalid_scope", (await tv.AskAsync("openid email")).Error);
        Assert.Equal("invalid_target", (await tv.PostAsync("connect/device", new() { ["scope"] = "openid orders", ["resource"] = ReportsResource })).Error);
        Assert.Equal("invalid_target", (await tv.PostAsync("connect/device", new() { ["scope"] = "openid", ["resource"] = ApiResource })).Error);
    }

    [Theory, OnEachDatabase] // RFC 8628 §3.1: "parameters MUST NOT be included more than once"
    public async Task A_request_must_be_a_POST_without_repetitions(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        var tv = host.Device();

        var repeated = await tv.SendAsync(new HttpRequestMessage(HttpMethod.Post, "connect/device")
        {
            Content = new FormUrlEncodedContent([new("client_id", "tv"), new("scope", "openid"), new("scope", "orders")]),
        });
        var get = await tv.SendAsync(new HttpRequestMessage(HttpMethod.Get, "connect/device?client_id=tv&scope=openid"));

        Assert.Equal("invalid_request", repeated.Error);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (get.Status, get.Error));
    }

    [Theory, OnEachDatabase]
    public async Task The_device_gets_its_codes(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);

        foreach (var device in new[] { host.Device(), host.Device("box") })
        {
            var codes = (await device.AskAsync()).OrFail();

            Assert.Matches("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$", codes["user_code"]);
            Assert.Matches("^[A-Za-z0-9_-]{43}$", codes["device_code"]);
            Assert.Equal(host.Issuer + "/device", codes["verification_uri"]);
            Assert.Equal($"{host.Issuer}/device?user_code={codes["user_code"]}", codes["verification_uri_complete"]);
            Assert.Equal(600, codes.Json.GetProperty("expires_in").GetInt32());
            Assert.Equal(5, codes.Json.GetProperty("interval").GetInt32());
            Assert.Equal("no-store", codes.Headers["Cache-Control"]);
        }
    }

    [Theory, OnEachDatabase] // RFC 8628 §3.1: scope is optional; OpenID Connect Core §11: offline_access without refresh tokens is ignored
    public async Task Scopes_may_be_missing_and_offline_access_means_nothing_without_refresh_tokens(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);

        Assert.True((await host.Device().AskAsync(null)).Succeeded);
        Assert.True((await host.Device("box").AskAsync("openid offline_access")).Succeeded);
    }

    [Theory, OnEachDatabase] // RFC 8628 §4, DI13
    public async Task Clients_can_find_the_endpoint(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);

        var document = await host.Device().SendAsync(new HttpRequestMessage(HttpMethod.Get, ".well-known/openid-configuration"));

        Assert.Equal(host.Issuer + "/connect/device", document["device_authorization_endpoint"]);
        Assert.Contains(Devices.DeviceCodeGrant, document.Json.GetProperty("grant_types_supported").EnumerateArray().Select(value => value.GetString()));
        Assert.Null(document.Find("device_authorization_endpoint_auth_methods_supported"));
    }
}
