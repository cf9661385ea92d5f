using System.Net;
using System.Text.Json;

namespace IdentityProvider.IntegrationTests.Discovery;

/// <summary>OpenID Connect Discovery 1.0 and RFC 8414. Checklist rows DI1 to DI28.</summary>
public sealed class DiscoveryTests(SharedProviders providers)
{
    private static readonly string[] WellKnown = [".well-known/openid-configuration", ".well-known/oauth-authorization-server"];

    [Theory, OnEachDatabase] // DI1, DI26
    public async Task Both_well_known_addresses_serve_the_same_JSON_object(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        var answers = await Task.WhenAll(WellKnown.Select(path => GetAsync(host, path)));

        Assert.All(answers, answer =>
        {
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.StartsWith("application/json", answer.Headers["Content-Type"], StringComparison.Ordinal);
        });
        Assert.Equal(answers[0].Json.GetRawText(), answers[1].Json.GetRawText());
    }

    [Theory, OnEachDatabase] // DI2
    public async Task The_issuer_is_emitted_byte_for_byte(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        Assert.Equal(host.Issuer, (await DocumentAsync(host)).GetProperty("issuer").GetString());
    }

    [Theory, OnEachDatabase] // DI3
    public async Task Addresses_come_from_the_issuer_and_never_from_the_request(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var request = new HttpRequestMessage(HttpMethod.Get, WellKnown[0]);
        request.Headers.Host = "evil.example";
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Prefix", "/evil");

        var answer = await host.RelyingParty(StandardDeclaration.Api).SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.All(Addresses(answer.Json), address => Assert.StartsWith(host.Issuer + "/", address.Value, StringComparison.Ordinal));
    }

    [Theory, OnEachDatabase] // DI4
    public async Task Every_advertised_address_is_there(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        foreach (var (name, address) in Addresses(await DocumentAsync(host)))
        {
            using var get = await host.Http.GetAsync(address);
            using var post = await host.Http.PostAsync(address, new FormUrlEncodedContent([]));
            HttpStatusCode[] statuses = [get.StatusCode, post.StatusCode];

            Assert.True(!statuses.Contains(HttpStatusCode.NotFound) && statuses.Any(status => status != HttpStatusCode.MethodNotAllowed)
                && statuses.All(status => (int)status < 500), $"{name}: {string.Join(", ", statuses)}");
        }
    }

    [Theory, OnEachDatabase] // DI5 to DI8, DI10 to DI16, DI19 to DI22, DI25, DI28
    public async Task It_says_what_this_server_does_and_no_more(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        var document = await DocumentAsync(host);

        Assert.Equal(["code", "code id_token", "code id_token token", "code token", "id_token", "id_token token"], Values("response_types_supported"));
        Assert.Equal(["form_post", "fragment", "query"], Values("response_modes_supported"));
        Assert.Equal(
            ["authorization_code", "client_credentials", "implicit", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:token-exchange"],
            Values("grant_types_supported"));
        Assert.Equal(host.Issuer + "/connect/device", document.GetProperty("device_authorization_endpoint").GetString());
        Assert.False(document.TryGetProperty("device_authorization_endpoint_auth_methods_supported", out _));
        Assert.Equal(["pairwise", "public"], Values("subject_types_supported"));
        Assert.Equal(["S256"], Values("code_challenge_methods_supported"));
        Assert.Equal(["client_secret_basic", "client_secret_post", "none", "private_key_jwt"], Values("token_endpoint_auth_methods_supported"));
        Assert.Equal(["client_secret_basic", "client_secret_post", "none", "private_key_jwt"], Values("revocation_endpoint_auth_methods_supported"));
        Assert.Equal(["client_secret_basic", "client_secret_post", "private_key_jwt"], Values("introspection_endpoint_auth_methods_supported"));
        string[] algorithms = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];
        Assert.All(["token", "introspection", "revocation"], endpoint => Assert.Equal(algorithms, Values(endpoint + "_endpoint_auth_signing_alg_values_supported")));
        Assert.Equal(algorithms, Values("id_token_signing_alg_values_supported"));
        Assert.Equal(algorithms, Values("userinfo_signing_alg_values_supported"));
        Assert.Superset(
            new HashSet<string>(["openid", "profile", "email", "address", "phone", "offline_access", "orders", "reports"]),
            Values("scopes_supported").ToHashSet());
        Assert.NotEmpty(Values("acr_values_supported"));
        Assert.True(document.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        Assert.False(document.GetProperty("request_parameter_supported").GetBoolean());
        Assert.False(document.GetProperty("request_uri_parameter_supported").GetBoolean());
        Assert.Equal(host.Issuer + "/connect/par", document.GetProperty("pushed_authorization_request_endpoint").GetString());
        Assert.False(document.GetProperty("require_pushed_authorization_requests").GetBoolean());
        Assert.Equal(algorithms, Values("introspection_signing_alg_values_supported"));
        Assert.True(document.GetProperty("claims_parameter_supported").GetBoolean());
        Assert.Equal(host.Issuer + "/connect/userinfo", document.GetProperty("userinfo_endpoint").GetString());
        Assert.Equal(host.Issuer + "/connect/logout", document.GetProperty("end_session_endpoint").GetString());
        Assert.True(document.GetProperty("frontchannel_logout_supported").GetBoolean());
        Assert.True(document.GetProperty("frontchannel_logout_session_supported").GetBoolean());
        Assert.False(document.TryGetProperty("registration_endpoint", out _));
        Assert.False(document.TryGetProperty("request_object_signing_alg_values_supported", out _));

        IEnumerable<string> Values(string member) =>
            document.GetProperty(member).EnumerateArray().Select(value => value.GetString()!).Order(StringComparer.Ordinal);
    }

    [Theory, OnEachDatabase] // DI9
    public async Task It_lists_the_claims_it_issues(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        string[] issued =
        [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "sid", "name", "given_name", "family_name", "middle_name", "nickname",
            "preferred_username", "profile", "picture", "website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale",
            "phone_number", "phone_number_verified", "address", "updated_at",
        ];

        var listed = (await DocumentAsync(host)).GetProperty("claims_supported").EnumerateArray().Select(claim => claim.GetString()!);

        Assert.Superset(issued.ToHashSet(), listed.ToHashSet());
    }

    [Theory, OnEachDatabase] // DI23
    public async Task It_has_no_empty_and_no_unregistered_members(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        // OpenID Connect Discovery 1.0 §3, RFC 8414 §2, RFC 9126 §5, RFC 9207 §3, RFC 9701 §7, RP-Initiated Logout §2.1.
        string[] registered =
        [
            "issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "scopes_supported", "response_types_supported",
            "response_modes_supported", "grant_types_supported", "acr_values_supported", "subject_types_supported",
            "id_token_signing_alg_values_supported", "userinfo_signing_alg_values_supported", "token_endpoint_auth_methods_supported", "claim_types_supported", "claims_supported",
            "claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported", "revocation_endpoint",
            "revocation_endpoint_auth_methods_supported", "introspection_endpoint", "introspection_endpoint_auth_methods_supported",
            "token_endpoint_auth_signing_alg_values_supported", "revocation_endpoint_auth_signing_alg_values_supported",
            "introspection_endpoint_auth_signing_alg_values_supported",
            "device_authorization_endpoint", // RFC 8628 §4
            "backchannel_logout_supported", "backchannel_logout_session_supported", // Back-Channel Logout §2.1
            "code_challenge_methods_supported", "end_session_endpoint", "authorization_response_iss_parameter_supported",
            "pushed_authorization_request_endpoint", "introspection_signing_alg_values_supported",
            "frontchannel_logout_supported", "frontchannel_logout_session_supported", "check_session_iframe", // Front-Channel Logout §3, Session Management §3.3
            "tls_client_certificate_bound_access_tokens", "prompt_values_supported", "require_pushed_authorization_requests", "service_documentation", "ui_locales_supported",
        ];

        var members = (await DocumentAsync(host)).EnumerateObject().ToList();

        Assert.Empty(members.Select(member => member.Name).Except(registered));
        Assert.DoesNotContain(members, member => member.Value.ValueKind == JsonValueKind.Null
            || (member.Value.ValueKind == JsonValueKind.Array && member.Value.GetArrayLength() == 0));
    }

    [Theory] // RFC 9110 §9.3.2
    [OnEachDatabase(".well-known/openid-configuration")]
    [OnEachDatabase(".well-known/oauth-authorization-server")]
    [OnEachDatabase(".well-known/jwks")]
    public async Task Asked_for_the_head_alone_it_sends_the_head_alone(TestDatabase database, string path)
    {
        var host = await providers.OnAsync(database);

        using var head = await host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        using var get = await host.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(get.Headers.CacheControl?.ToString(), head.Headers.CacheControl?.ToString());
        Assert.Equal("", await head.Content.ReadAsStringAsync());
    }

    [Theory, OnEachDatabase] // DI24: RFC 8414 §2
    public async Task Languages_are_written_as_BCP_47_has_them(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        var locales = (await DocumentAsync(host)).GetProperty("ui_locales_supported").EnumerateArray().Select(locale => locale.GetString()!).ToList();

        Assert.Equal(["en"], locales);
    }

    [Fact] // DI2, DI3: an issuer with a path, and one that ends in a slash
    public async Task An_issuer_below_a_path_serves_everything_below_it()
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Issuer = "https://login.example/tenants/one" });

        var document = await host.Http.GetStringAsync("https://login.example/tenants/one/.well-known/openid-configuration");
        var tokens = await host.RelyingParty(StandardDeclaration.Shop)
            .SignInAsync(StandardDeclaration.Alice, StandardDeclaration.AlicePassword);

        var json = JsonDocument.Parse(document).RootElement;
        Assert.Equal(host.Issuer, json.GetProperty("issuer").GetString());
        Assert.Equal("https://login.example/tenants/one/connect/token", json.GetProperty("token_endpoint").GetString());
        Assert.Equal(host.Issuer, Wire.ClaimsOf(tokens.IdToken).GetProperty("iss").GetString());
    }

    private static async Task<ProtocolResponse> GetAsync(ProviderHost host, string path) =>
        await ProtocolResponse.ReadAsync(await host.Http.GetAsync(path));

    private static async Task<JsonElement> DocumentAsync(ProviderHost host) => (await GetAsync(host, WellKnown[0])).OrFail().Json;

    private static IReadOnlyDictionary<string, string> Addresses(JsonElement document) => document.EnumerateObject()
        .Where(member => member.Name.EndsWith("_endpoint", StringComparison.Ordinal) || member.Name == "jwks_uri")
        .ToDictionary(member => member.Name, member => member.Value.GetString()!);
}
