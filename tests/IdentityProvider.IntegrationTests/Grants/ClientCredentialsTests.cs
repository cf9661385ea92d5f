using System.Net;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Grants;

/// <summary>Machines (RFC 6749 §4.4).</summary>
public sealed class ClientCredentialsTests(SharedProviders providers)
{
    [Theory, OnEachDatabase] // TK23
    public async Task A_machine_gets_a_token_for_the_API_and_nothing_about_people(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        var answer = (await host.RelyingParty(Machine).ClientCredentialsAsync("orders")).OrFail();

        Assert.Null(answer.Find("id_token"));
        Assert.Null(answer.Find("refresh_token"));
        var claims = Wire.ClaimsOf(answer.AccessToken);
        Assert.Equal(host.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal(Machine, claims.GetProperty("sub").GetString());
        Assert.Equal(Machine, claims.GetProperty("client_id").GetString());
        Assert.Equal(ApiResource, claims.GetProperty("aud").GetString());
        Assert.Equal("orders", claims.GetProperty("scope").GetString());
        Assert.False(claims.TryGetProperty("sid", out _));
    }

    [Theory, OnEachDatabase] // RFC 9068 §2.1 and §4: ES256 unless the API asks for RS256
    public async Task The_API_decides_how_its_tokens_are_signed(TestDatabase database)
    {
        var machine = (await providers.OnAsync(database)).RelyingParty(Machine);

        var orders = (await machine.ClientCredentialsAsync("orders")).OrFail();
        var reports = (await machine.ClientCredentialsAsync("reports")).OrFail();

        Assert.Equal("ES256", Wire.HeaderOf(orders.AccessToken).GetProperty("alg").GetString());
        Assert.Equal("RS256", Wire.HeaderOf(reports.AccessToken).GetProperty("alg").GetString());
        Assert.Equal(ReportsResource, Wire.ClaimsOf(reports.AccessToken).GetProperty("aud").GetString());
    }

    [Theory, OnEachDatabase] // A token without a resource has the issuer as audience.
    public async Task A_token_for_no_API_is_for_the_issuer(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        var answer = (await host.RelyingParty(Machine).ClientCredentialsAsync()).OrFail();

        Assert.Equal(host.Issuer, Wire.ClaimsOf(answer.AccessToken).GetProperty("aud").GetString());
    }

    // TK23
    [Theory]
    [OnEachDatabase("openid")]
    [OnEachDatabase("email")]
    [OnEachDatabase("made-up")]
    public async Task A_scope_that_is_not_the_machines_is_refused(TestDatabase database, string scope)
    {
        var machine = (await providers.OnAsync(database)).RelyingParty(Machine);

        var answer = await machine.ClientCredentialsAsync(scope);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_scope"), (answer.Status, answer.Error));
    }

    [Theory, OnEachDatabase] // TK23: RFC 6749 §4.4, confidential clients only
    public async Task A_public_client_is_no_machine(TestDatabase database)
    {
        var spa = (await providers.OnAsync(database)).RelyingParty(Spa);

        var answer = await spa.ClientCredentialsAsync("orders");

        Assert.Contains(answer.Error, new[] { "unauthorized_client", "invalid_client", "invalid_request" });
    }
}
