using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using IdentityProvider.ClientAuthentication;
using Microsoft.IdentityModel.Tokens;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.ClientAuthentication;

/// <summary>Client assertions that are not good enough (RFC 7523 §3). Checklist rows CA8 to CA12, CA14, CA16 to CA18, CA20, CA21 and CA23.</summary>
public sealed class AssertionRefusalTests(SharedProviders providers)
{
    [Theory, OnEachDatabase] // CA8
    public async Task A_foreign_audience_is_refused(TestDatabase database)
    {
        var client = await NewSignerAsync(database);

        (await client.PresentAsync(assertion => assertion.Claims["aud"] = "https://other.example")).AssertRefused("The aud of the client assertion");
        (await client.PresentAsync(assertion => assertion.Claims.Remove("aud"))).AssertRefused("The aud of the client assertion");
        (await client.PresentAsync(assertion => assertion.Claims["aud"] = client.Node.Issuer + "/")).AssertRefused("The aud of the client assertion");
        (await client.PresentAsync(assertion => assertion.Claims["aud"] = client.Node.Issuer + "/connect/introspect")).AssertRefused("The aud of the client assertion");
    }

    [Theory, OnEachDatabase] // CA9
    public async Task Issuer_and_subject_are_the_client(TestDatabase database)
    {
        var client = await NewSignerAsync(database);

        foreach (var claim in new[] { "iss", "sub" })
        {
            (await client.PresentAsync(assertion => assertion.Claims.Remove(claim))).AssertRefused("must");
            (await client.PresentAsync(assertion => assertion.Claims[claim] = Shop)).AssertRefused("client");
            (await client.PresentAsync(assertion => assertion.Claims[claim] = "nobody")).AssertRefused("must");
        }
    }

    [Theory, OnEachDatabase] // CA9; TK12: the client_id parameter of another client
    public async Task The_client_id_parameter_is_the_client_too(TestDatabase database)
    {
        var (client, other) = (await NewSignerAsync(database), await NewSignerAsync(database));

        var answer = await client.TokenAsync(new()
        {
            ["grant_type"] = "client_credentials", ["client_id"] = other.ClientId, ["client_assertion"] = client.NewAssertion().Sign(),
        });

        answer.AssertRefused("The client_id parameter");
    }

    [Theory] // CA10, CA11, CA12, CA14
    [OnEachDatabase("exp", -300, "has expired"), OnEachDatabase("exp", -31, "has expired"), OnEachDatabase("exp", null, "has no exp")]
    [OnEachDatabase("exp", 365 * 86400, "at most 600 seconds ahead"), OnEachDatabase("exp", 640, "at most 600 seconds ahead")]
    [OnEachDatabase("iat", 62, "lies in the future"), OnEachDatabase("nbf", 62, "lies in the future")]
    public async Task An_assertion_is_for_now(TestDatabase database, string claim, int? seconds, string because)
    {
        var client = await NewSignerAsync(database);

        var answer = await client.PresentAsync(assertion =>
        {
            assertion.Claims.Remove(claim);
            if (seconds is { } offset)
            {
                assertion.Claims[claim] = client.Node.Clock.GetUtcNow().AddSeconds(offset).ToUnixTimeSeconds();
            }
        });

        answer.AssertRefused(because);
    }

    [Fact]
    public async Task The_operator_says_how_long_an_assertion_may_live()
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings
        {
            Configuration = new Dictionary<string, string?> { [ClientAuthenticationOptions.Section + ":MaximumAssertionLifetime"] = "00:00:30" },
        });
        var client = await host.NewSignerAsync(new ClientKey());
        void Lives(ClientAssertion assertion, int seconds) => assertion.Claims["exp"] = host.Clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();

        (await client.PresentAsync(assertion => Lives(assertion, 90))).AssertRefused("at most 30 seconds ahead");
        Assert.Equal(HttpStatusCode.OK, (await client.PresentAsync(assertion => Lives(assertion, 25))).Status);
    }

    [Theory, OnEachDatabase]
    public async Task An_assertion_without_jti_is_refused(TestDatabase database)
    {
        var client = await NewSignerAsync(database);

        (await client.PresentAsync(assertion => assertion.Claims.Remove("jti"))).AssertRefused("no jti");
        (await client.PresentAsync(assertion => assertion.Claims["jti"] = "")).AssertRefused("no jti");
    }

    [Theory, OnEachDatabase] // CA16: an algorithm that this client did not register, as a FAPI 2.0 client registers PS256 or ES256
    public async Task The_registered_algorithm_is_the_only_one(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var key = new ClientKey(SecurityAlgorithms.RsaSsaPssSha256);
        var client = await host.NewSignerAsync(key, new() { ["token_endpoint_auth_signing_alg"] = "PS256" });

        (await client.PresentAsync(assertion => assertion.Header["alg"] = "RS256")).AssertRefused("must be PS256");
        Assert.Equal(HttpStatusCode.OK, (await client.ClientCredentialsAsync()).Status);
    }

    [Theory, OnEachDatabase] // CA17
    public async Task Only_the_clients_own_key_signs(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var key = new ClientKey(SecurityAlgorithms.RsaSha256);
        var (client, other) = (await host.NewSignerAsync(key), await host.NewSignerAsync(new ClientKey(SecurityAlgorithms.RsaSha256)));
        var good = client.NewAssertion();

        (await client.PresentAsync(Forge("none", _ => []))).AssertRefused("");
        (await client.PresentAsync(Forge("None", _ => [1, 2, 3]))).AssertRefused("The alg of the client assertion");
        // RFC 8725 §2.1: the public key, taken for a shared secret.
        foreach (var secret in new[] { key.PublicJwk.ToJsonString(), key.PublicJwk["n"]!.GetValue<string>(), ClientKey.SetOf(key) })
        {
            (await client.PresentAsync(Forge("HS256", input => System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), input))))
                .AssertRefused("The alg of the client assertion");
        }

        (await client.PresentAsync(other.NewAssertion(assertion => (assertion.Claims["iss"], assertion.Claims["sub"]) = (client.ClientId, client.ClientId)).Sign()))
            .AssertRefused("No key of this client");
        (await client.PresentAsync(assertion => assertion.Key = new ClientKey(SecurityAlgorithms.RsaSha256))).AssertRefused("No key of this client");
        // Keys that the assertion brings along are nobody's.
        var own = new ClientKey(SecurityAlgorithms.RsaSha256);
        var brought = own.PublicJwk;
        (await client.PresentAsync(assertion => (assertion.Key, assertion.Header["jwk"]) = (own, brought))).AssertRefused("No key of this client");

        var signed = good.Sign();
        (await client.PresentAsync(signed[..^4] + (signed[^4] == 'A' ? 'B' : 'A') + signed[^3..])).AssertRefused("No key of this client");
        Assert.Equal(HttpStatusCode.OK, (await client.PresentAsync(signed)).Status);

        string Forge(string algorithm, Func<byte[], byte[]> sign)
        {
            var parts = client.NewAssertion(assertion => assertion.Header["alg"] = algorithm).Sign().Split('.');
            var input = $"{parts[0]}.{parts[1]}";
            return $"{input}.{System.Buffers.Text.Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(input)))}";
        }
    }

    [Theory, OnEachDatabase] // CA18, TK6
    public async Task A_client_with_keys_proves_itself(TestDatabase database)
    {
        var client = await NewSignerAsync(database);
        var silent = client.With(null, AuthenticationBy.None);

        (await silent.ClientCredentialsAsync()).AssertRefusedSomehow();
        (await silent.TokenAsync(new() { ["grant_type"] = "authorization_code", ["code"] = "x", ["code_verifier"] = new string('v', 43) })).AssertRefusedSomehow();
        (await silent.IntrospectAsync("x")).AssertRefusedSomehow();
        (await silent.RevokeAsync("x")).AssertRefusedSomehow();
    }

    [Theory, OnEachDatabase] // CA20, TK7: RFC 6749 §2.3
    public async Task An_assertion_and_a_secret_are_one_proof_too_many(TestDatabase database)
    {
        var client = await NewSignerAsync(database);
        foreach (var path in new[] { "connect/token", "connect/introspect", "connect/revoke" })
        {
            var inForm = Form(client);
            inForm["client_secret"] = "guess";
            var posted = await client.PostAsync(path, inForm);
            var basic = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(Form(client)) };
            basic.Headers.TryAddWithoutValidation("Authorization", Wire.Basic(client.ClientId, "guess"));

            Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (posted.Status, posted.Error));
            Assert.Equal("invalid_request", (await client.SendAsync(basic)).Error);
        }
    }

    [Theory, OnEachDatabase] // TK4: each by its own method
    public async Task A_client_registered_with_a_secret_signs_nothing(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var key = new ClientKey();
        var secretive = await host.NewSignerAsync(key, new()
        {
            ["token_endpoint_auth_method"] = "client_secret_basic", ["client_secret"] = "a-secret-000000000000000000000000000000000000000",
        });
        var spa = host.RelyingParty(Spa).With(key);

        (await secretive.ClientCredentialsAsync()).AssertRefused("registered to authenticate by client_secret_basic");
        (await spa.RevokeAsync("x")).AssertRefused("registered to authenticate by none");
        Assert.Equal("invalid_client", (await (await NewSignerAsync(database)).With("guess", AuthenticationBy.Basic).ClientCredentialsAsync()).Error);
    }

    [Theory, OnEachDatabase] // CA21
    public async Task The_type_of_the_assertion_is_that_of_a_JWT(TestDatabase database)
    {
        var client = await NewSignerAsync(database);
        foreach (var type in new[] { "urn:ietf:params:oauth:client-assertion-type:saml2-bearer", "jwt", "" })
        {
            var form = Form(client);
            form["client_assertion_type"] = type;
            (await client.PostAsync("connect/token", form)).AssertRefusedSomehow();
        }
    }

    [Theory, OnEachDatabase] // CA23: RFC 8725 §3.11
    public async Task What_we_issued_ourselves_is_no_assertion(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var client = await NewSignerAsync(database);
        var tokens = await host.RelyingParty(Portal).SignInAsync(Alice, AlicePassword, "openid orders");
        var machine = (await client.ClientCredentialsAsync("orders")).OrFail();

        foreach (var token in new[] { tokens.IdToken, tokens.AccessToken, machine.AccessToken })
        {
            (await client.PresentAsync(token)).AssertRefused("");
        }

        foreach (var type in new[] { "at+jwt", "application/at+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "token-introspection+jwt", "x" })
        {
            (await client.PresentAsync(assertion => assertion.Header["typ"] = type)).AssertRefused("The typ of the client assertion");
        }
    }

    [Theory, OnEachDatabase] // RFC 7515 §4.1.11
    public async Task An_extension_that_must_be_understood_is_refused(TestDatabase database)
    {
        var client = await NewSignerAsync(database);

        var answer = await client.PresentAsync(assertion => (assertion.Header["crit"], assertion.Header["b64"]) = (new JsonArray("b64"), false));

        answer.AssertRefused("crit");
    }

    [Theory] // Whatever comes, it is the client's fault and never ours: a 500 fails the test.
    [OnEachDatabase("x"), OnEachDatabase("a.b.c"), OnEachDatabase("..."), OnEachDatabase("e30.e30."), OnEachDatabase("e30.e30.e30"), OnEachDatabase("e30.e30.e30.e30.e30")]
    [OnEachDatabase("{"), OnEachDatabase("eyJhbGciOiJFUzI1NiJ9.bnVsbA.e30"), OnEachDatabase("bnVsbA.bnVsbA.bnVsbA")]
    public async Task Rubbish_is_refused(TestDatabase database, string assertion)
    {
        var client = await NewSignerAsync(database);

        (await client.PresentAsync(assertion)).AssertRefused("");
        (await client.PresentAsync(assertion + new string('A', 20_000))).AssertRefused("is not a signed JWT");
    }

    [Theory]
    [OnEachDatabase("exp", "\"soon\""), OnEachDatabase("exp", "1e400"), OnEachDatabase("exp", "99999999999999999999"), OnEachDatabase("exp", "null"), OnEachDatabase("exp", "[]")]
    [OnEachDatabase("exp", "-1"), OnEachDatabase("exp", "9223372036854775807"), OnEachDatabase("nbf", "9223372036854775807"), OnEachDatabase("iat", "{}")]
    [OnEachDatabase("jti", "[\"a\"]"), OnEachDatabase("jti", "{}"), OnEachDatabase("jti", "null"), OnEachDatabase("aud", "{}"), OnEachDatabase("aud", "[[]]"), OnEachDatabase("aud", "null")]
    [OnEachDatabase("iss", "[]"), OnEachDatabase("iss", "null"), OnEachDatabase("iss", "\"\\u0000\""), OnEachDatabase("sub", "{}"), OnEachDatabase("sub", "17")]
    public async Task Claims_of_the_wrong_kind_are_refused(TestDatabase database, string claim, string json)
    {
        var client = await NewSignerAsync(database);

        // Numbers that no JSON library of ours can write are put in by hand.
        var assertion = client.NewAssertion(assertion => assertion.Claims[claim] = "@@");
        var answer = await client.PresentAsync(assertion.Key.SignText(assertion.Header.ToJsonString(), assertion.Claims.ToJsonString().Replace("\"@@\"", json, StringComparison.Ordinal)));

        answer.AssertRefused("");
    }

    [Theory, OnEachDatabase]
    public async Task A_hostile_jti_is_only_a_jti(TestDatabase database)
    {
        var client = await NewSignerAsync(database);
        foreach (var jti in new[] { "\0", "'; DROP TABLE \"UsedProofs\"; --", new string('x', 5000), "\uFFFE" })
        {
            var assertion = client.NewAssertion(assertion => assertion.Claims["jti"] = jti).Sign();

            Assert.Equal(HttpStatusCode.OK, (await client.PresentAsync(assertion)).Status);
            (await client.PresentAsync(assertion)).AssertRefused("used before");
        }
    }

    private async Task<RelyingParty> NewSignerAsync(TestDatabase database) =>
        await (await providers.OnAsync(database)).NewSignerAsync(new ClientKey());

    private static Dictionary<string, string> Form(RelyingParty client) => new()
    {
        ["grant_type"] = "client_credentials", ["token"] = "x", ["client_id"] = client.ClientId,
        ["client_assertion_type"] = ClientAssertion.Type, ["client_assertion"] = client.NewAssertion().Sign(),
    };
}
