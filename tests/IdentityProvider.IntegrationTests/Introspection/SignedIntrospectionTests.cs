using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Introspection;

/// <summary>RFC 9701: an introspection answer that its reader can keep as evidence.</summary>
public sealed class SignedIntrospectionTests(SharedProviders providers)
{
    private const string MediaType = "application/token-introspection+jwt";

    // It introspects tokens for the same API as the client "api", and always gets ES256.
    private const string Auditor = "auditor";
    private const string AuditorSecret = "auditor-secret-0000000000000000000000000000";

    [Theory, OnEachDatabase]
    public async Task The_API_that_asks_for_it_gets_what_JSON_would_say_signed_for_it_alone(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var api = host.RelyingParty(Api);
        var tokens = await host.RelyingParty(Shop).SignInAsync(Alice, AlicePassword, "openid orders");
        var plain = (await api.IntrospectAsync(tokens.AccessToken)).OrFail();

        var signed = await IntrospectAsync(api, tokens.AccessToken, MediaType);

        var claims = await VerifiedAsync(host, signed, Api, "RS256");
        Assert.Equal(plain.Body, claims.GetProperty("token_introspection").GetRawText());
        Assert.Contains("no-store", signed.Headers["Cache-Control"], StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task Inactive_is_signed_as_well(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var api = host.RelyingParty(Api);
        var machine = (await host.RelyingParty(Machine).ClientCredentialsAsync()).OrFail();

        foreach (var token in new[] { "garbage", machine.AccessToken })
        {
            var claims = await VerifiedAsync(host, await IntrospectAsync(api, token, $"application/json;q=0.5, {MediaType}"), Api, "RS256");
            Assert.Equal("""{"active":false}""", claims.GetProperty("token_introspection").GetRawText());
        }
    }

    [Theory] // RFC 9701 §6
    [OnEachDatabase("")]
    [OnEachDatabase("*/*")]
    [OnEachDatabase("application/json")]
    [OnEachDatabase(MediaType)]
    public async Task A_registered_algorithm_signs_every_answer(TestDatabase database, string accept)
    {
        var host = await providers.OnAsync(database);
        var auditor = await AuditorAsync(host, "ES256");
        var tokens = (await host.RelyingParty(Machine).ClientCredentialsAsync("reports")).OrFail();

        await VerifiedAsync(host, await IntrospectAsync(auditor, tokens.AccessToken, accept), Auditor, "ES256");
    }

    [Theory, OnEachDatabase] // a missing key is said and never an error of the server
    public async Task With_every_algorithm_it_is_signed_so(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        foreach (var algorithm in new[] { "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512" })
        {
            var answer = await IntrospectAsync(await AuditorAsync(host, algorithm, Auditor + algorithm), "garbage", MediaType);

            await VerifiedAsync(host, answer, Auditor + algorithm, algorithm);
        }
    }

    [Theory]
    [OnEachDatabase("")]
    [OnEachDatabase("*/*")]
    [OnEachDatabase("application/json")]
    [OnEachDatabase(MediaType + ";q=0")]
    [OnEachDatabase("not a media type, ;;;")]
    public async Task Whoever_does_not_ask_gets_JSON(TestDatabase database, string accept)
    {
        var host = await providers.OnAsync(database);

        var answer = (await IntrospectAsync(host.RelyingParty(Api), "garbage", accept)).OrFail();

        Assert.StartsWith("application/json", answer.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal("""{"active":false}""", answer.Body);
    }

    [Theory, OnEachDatabase] // RFC 7662 §2.3
    public async Task An_error_stays_an_error(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var auditor = await AuditorAsync(host, "ES256");

        var wrong = await IntrospectAsync(auditor.With("wrong"), "garbage", MediaType);
        var empty = await IntrospectAsync(auditor, "", MediaType);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (wrong.Status, wrong.Error));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (empty.Status, empty.Error));
    }

    private static async Task<JsonElement> VerifiedAsync(ProviderHost host, ProtocolResponse answer, string caller, string algorithm)
    {
        Assert.Equal((HttpStatusCode.OK, MediaType), (answer.Status, answer.Headers["Content-Type"]));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(answer.Body, new TokenValidationParameters
        {
            ValidIssuer = host.Issuer,
            ValidAudience = caller,
            ValidTypes = ["token-introspection+jwt"],
            ValidAlgorithms = [algorithm],
            RequireExpirationTime = false,
            IssuerSigningKeys = new JsonWebKeySet(await host.Http.GetStringAsync(".well-known/jwks")).Keys,
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        var claims = Wire.ClaimsOf(answer.Body);
        // RFC 9701 §5: nothing else, so that it cannot pass for the token itself.
        Assert.Equal(["aud", "iat", "iss", "token_introspection"], claims.EnumerateObject().Select(claim => claim.Name).Order(StringComparer.Ordinal));
        Assert.InRange(claims.GetProperty("iat").GetInt64(), host.Clock.GetUtcNow().ToUnixTimeSeconds() - 60, host.Clock.GetUtcNow().ToUnixTimeSeconds());
        return claims;
    }

    private static Task<ProtocolResponse> IntrospectAsync(RelyingParty caller, string token, string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "connect/introspect") { Content = new FormUrlEncodedContent([new("token", token)]) };
        request.Headers.TryAddWithoutValidation("Authorization", Wire.Basic(caller.ClientId, caller.Secret!));
        if (accept.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return caller.SendAsync(request);
    }

    private static async Task<RelyingParty> AuditorAsync(ProviderHost host, string algorithm, string clientId = Auditor)
    {
        await host.ApplyAsync($$"""
            {
              "clients": [ { "client_id": "{{clientId}}", "client_secret": "{{AuditorSecret}}", "grant_types": [], "introspection_signed_response_alg": "{{algorithm}}" } ]
            }
            """);
        return new RelyingParty(host, clientId, AuditorSecret, null, AuthenticationBy.Basic);
    }
}
