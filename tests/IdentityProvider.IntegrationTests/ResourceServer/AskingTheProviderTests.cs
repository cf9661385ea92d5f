using System.Net;
using IdentityProvider.ResourceServer;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.ResourceServer;

/// <summary>The package and the provider together: RFC 7662 and RFC 9470 from the side of an API.</summary>
public sealed class AskingTheProviderTests(SharedProviders providers)
{
    [Theory, OnEachDatabase]
    public async Task An_API_that_asks_sees_a_revocation(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        await using var api = await IntrospectingApi.StartAsync(provider, _ => { });
        var shop = provider.RelyingParty(Shop);
        var token = (await shop.SignInAsync(Alice, AlicePassword, "openid orders")).AccessToken;

        var before = await api.GetAsync("/orders", token);
        await shop.RevokeAsync(token);
        var after = await api.GetAsync("/orders", token);

        Assert.Equal((HttpStatusCode.OK, "alice-subject"), (before.StatusCode, await before.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer error=\"invalid_token\""), (after.StatusCode, after.Headers.WwwAuthenticate.ToString()));
    }

    [Fact]
    public async Task An_API_with_a_wrong_secret_lets_nobody_in()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        await using var api = await IntrospectingApi.StartAsync(provider, options => options.Introspection.ClientSecret = "wrong");
        var token = (await provider.RelyingParty(Shop).SignInAsync(Alice, AlicePassword, "openid orders")).AccessToken;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.GetAsync("/orders", token)).StatusCode);
    }

    [Theory]
    [InlineData(IntrospectionUse.None)]
    [InlineData(IntrospectionUse.EveryToken)]
    public async Task A_token_for_another_API_is_refused_and_neither_id_token_nor_refresh_token_is_one(IntrospectionUse use)
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        await using var api = await IntrospectingApi.StartAsync(provider, options => options.Introspection.Use = use);
        var tokens = await provider.RelyingParty(Shop).SignInAsync(Alice, AlicePassword, "openid offline_access orders");
        var reports = (await provider.RelyingParty(Machine).ClientCredentialsAsync("reports")).OrFail();

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/orders", tokens.AccessToken)).StatusCode);
        foreach (var other in new[] { tokens.IdToken, tokens.RefreshToken, reports.AccessToken })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await api.GetAsync("/orders", other)).StatusCode);
        }
    }

    [Theory]
    [InlineData(IntrospectionUse.None)]
    [InlineData(IntrospectionUse.EveryToken)] // RFC 9470 §3
    public async Task The_sign_in_is_known_to_an_API_and_a_machine_has_none(IntrospectionUse use)
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        await using var api = await IntrospectingApi.StartAsync(provider, options => options.Introspection.Use = use);
        var person = (await provider.RelyingParty(Shop).SignInAsync(Alice, AlicePassword, "openid orders")).AccessToken;
        var machine = (await provider.RelyingParty(Machine).ClientCredentialsAsync("orders")).OrFail().AccessToken;

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/just-now", person)).StatusCode);
        var refused = await api.GetAsync("/just-now", machine);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.EndsWith("max_age=\"300\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Contains("acr_values=\"urn:example:strong\"", (await api.GetAsync("/strong", person)).Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }
}
