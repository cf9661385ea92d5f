using System.Net;
using System.Text.Json.Nodes;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.ClientAuthentication;

/// <summary>Client assertions that are good (RFC 7523, OpenID Connect Core §9). Checklist rows CA1 to CA7, CA13 and CA19.</summary>
public sealed class PrivateKeyJwtTests(SharedProviders providers)
{
    [Theory]
    [OnEachDatabase([null])] // CA1: no typ
    [OnEachDatabase("JWT"), OnEachDatabase("client-authentication+jwt")] // CA2
    public async Task A_client_signs_with_its_key(TestDatabase database, string? type)
    {
        var client = await (await providers.OnAsync(database)).NewSignerAsync(new ClientKey());

        var answer = await client.PresentAsync(assertion =>
        {
            if (type is not null)
            {
                assertion.Header["typ"] = type;
            }
        });

        Assert.Equal(client.ClientId, Wire.ClaimsOf(answer.OrFail().AccessToken).GetProperty("client_id").GetString());
    }

    [Theory]
    [OnEachDatabase("RS256"), OnEachDatabase("RS384"), OnEachDatabase("RS512")]
    [OnEachDatabase("PS256"), OnEachDatabase("PS384"), OnEachDatabase("PS512")]
    [OnEachDatabase("ES256"), OnEachDatabase("ES384"), OnEachDatabase("ES512")]
    public async Task Every_algorithm_that_is_advertised_works(TestDatabase database, string algorithm)
    {
        var client = await (await providers.OnAsync(database)).NewSignerAsync(new ClientKey(algorithm));

        Assert.Equal(HttpStatusCode.OK, (await client.ClientCredentialsAsync("orders")).Status);
    }

    [Theory, OnEachDatabase] // CA3: OpenID Connect Core §10.1
    public async Task A_single_key_needs_no_kid(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        // Neither side names it; only the client does; only the registration does.
        foreach (var (registered, sent) in new[] { (null, null), (null, "mine"), ("mine", (string?)null) })
        {
            var key = new ClientKey(keyId: registered);
            var client = await host.NewSignerAsync(key);
            var answer = await client.PresentAsync(assertion =>
            {
                assertion.Header.Remove("kid");
                if (sent is not null)
                {
                    assertion.Header["kid"] = sent;
                }
            });

            Assert.Equal(HttpStatusCode.OK, answer.Status);
        }
    }

    [Theory, OnEachDatabase] // CA4
    public async Task The_issuer_is_an_audience_everywhere(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var client = await host.NewSignerAsync(new ClientKey(), new() { ["client_assertion_audience"] = "issuer" });
        var token = (await client.ClientCredentialsAsync("orders")).OrFail().AccessToken;

        Assert.True((await client.IntrospectAsync(token)).OrFail().Json.GetProperty("active").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(token)).Status);
        Assert.False((await client.IntrospectAsync(token)).OrFail().Json.GetProperty("active").GetBoolean());
    }

    [Theory] // CA5; CA6: the endpoint the assertion is sent to
    [OnEachDatabase("connect/token"), OnEachDatabase("connect/introspect"), OnEachDatabase("connect/revoke"), OnEachDatabase("connect/par"), OnEachDatabase("connect/device")]
    public async Task An_endpoint_is_an_audience_unless_the_client_wants_the_issuer_only(TestDatabase database, string endpoint)
    {
        var host = await providers.OnAsync(database);
        var open = await host.NewSignerAsync(new ClientKey(), Everything());
        var strict = await host.NewSignerAsync(new ClientKey(), Everything("issuer"));

        foreach (var audience in new[] { endpoint, "connect/token" })
        {
            Assert.Equal(endpoint == "connect/par" ? HttpStatusCode.Created : HttpStatusCode.OK, (await SendAsync(open, endpoint, audience)).Status);
            (await SendAsync(strict, endpoint, audience)).AssertRefused("must be the issuer of this server, as one string");
        }

        // Another endpoint of ours is not where it was sent.
        (await SendAsync(open, endpoint, "connect/userinfo")).AssertRefused("The aud of the client assertion");

        static JsonObject Everything(string audience = "endpoint") => new()
        {
            ["client_assertion_audience"] = audience,
            ["grant_types"] = new JsonArray("client_credentials", "authorization_code", "urn:ietf:params:oauth:grant-type:device_code"),
            ["redirect_uris"] = new JsonArray(StandardDeclaration.RedirectUri),
        };

        Task<ProtocolResponse> SendAsync(RelyingParty client, string path, string audience) => client.PostAsync(path, new()
        {
            ["grant_type"] = "client_credentials", ["token"] = "nothing-we-know", ["response_type"] = "code", ["redirect_uri"] = StandardDeclaration.RedirectUri,
            ["code_challenge"] = Wire.ChallengeOf("verifier"), ["code_challenge_method"] = "S256",
            ["client_assertion"] = client.NewAssertion(assertion => assertion.Claims["aud"] = $"{host.Issuer}/{audience}").Sign(),
        });
    }

    [Fact] // CA4, CA5
    public async Task Below_a_path_the_audiences_have_it_too()
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Issuer = "https://login.example/tenants/one" });
        var client = await host.NewSignerAsync(new ClientKey());

        Assert.Equal(HttpStatusCode.OK, (await client.ClientCredentialsAsync()).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.PresentAsync(assertion => assertion.Claims["aud"] = host.Issuer + "/connect/token")).Status);
        (await client.PresentAsync(assertion => assertion.Claims["aud"] = "https://login.example/connect/token")).AssertRefused("The aud of the client assertion");
        (await client.PresentAsync(assertion => assertion.Claims["aud"] = "https://login.example")).AssertRefused("The aud of the client assertion");
    }

    [Theory, OnEachDatabase] // CA7
    public async Task Several_audiences_are_for_clients_that_may_name_endpoints(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var open = await host.NewSignerAsync(new ClientKey());
        var strict = await host.NewSignerAsync(new ClientKey(), new() { ["client_assertion_audience"] = "issuer" });
        void Several(ClientAssertion assertion) => assertion.Claims["aud"] = new JsonArray("https://other.example", host.Issuer);

        Assert.Equal(HttpStatusCode.OK, (await open.PresentAsync(Several)).Status);
        (await strict.PresentAsync(Several)).AssertRefused("as one string");
        // FAPI 2.0 §5.3.2.1 wants a string, not an array of one.
        (await strict.PresentAsync(assertion => assertion.Claims["aud"] = new JsonArray(host.Issuer))).AssertRefused("as one string");
    }

    [Theory, OnEachDatabase] // CA13: FAPI 2.0 §5.3.2.1, clocks differ
    public async Task A_client_whose_clock_is_eight_seconds_ahead_is_let_in(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var client = await host.NewSignerAsync(new ClientKey());

        var ahead = host.Clock.GetUtcNow().AddSeconds(8).ToUnixTimeSeconds();
        var answer = await client.PresentAsync(assertion => (assertion.Claims["iat"], assertion.Claims["nbf"]) = (ahead, ahead));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory, OnEachDatabase] // CA19: RFC 7521 §4.2
    public async Task The_assertion_names_the_client_by_itself(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var client = await host.NewSignerAsync(new ClientKey());
        var request = new HttpRequestMessage(HttpMethod.Post, "connect/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials", ["client_assertion_type"] = ClientAssertion.Type, ["client_assertion"] = client.NewAssertion().Sign(),
            }),
        };

        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(request)).Status);
    }

    [Theory, OnEachDatabase]
    public async Task The_whole_code_flow_works_with_assertions(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var person = await host.NewPersonAsync();
        var client = await host.NewSignerAsync(new ClientKey(), new()
        {
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"), ["redirect_uris"] = new JsonArray(RedirectUri), ["scope"] = "openid offline_access",
        });

        var tokens = await client.SignInAsync(person, "openid offline_access");

        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(tokens.RefreshToken)).Status);
    }
}
