using System.Net;
using IdentityProvider.IntegrationTests.Security;
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
    [InlineData(IntrospectionUse.EveryToken)]
    public async Task A_token_before_or_after_its_time_for_another_API_or_signed_by_a_key_removed_an_hour_ago_is_401(IntrospectionUse use)
    {
        await using var provider = await ProviderHost.StartAsync();
        await using var api = await IntrospectingApi.StartAsync(provider, options => options.Introspection.Use = use, provider.Clock);
        var now = provider.Clock.GetUtcNow().UtcDateTime;
        var good = await SignedToken.OfAsync(provider, ApiResource, Machine, "orders");
        var lasting = await SignedToken.OfAsync(provider, ApiResource, Machine, "orders", expires: now.AddHours(3));

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/orders", good)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/orders", lasting)).StatusCode);
        foreach (var wrong in new[]
        {
            await SignedToken.OfAsync(provider, ApiResource, Machine, "orders", expires: now.AddMinutes(-5)),
            await SignedToken.OfAsync(provider, ApiResource, Machine, "orders", notBefore: now.AddMinutes(5)),
            await SignedToken.OfAsync(provider, "https://other.example", Machine, "orders"),
        })
        {
            await RefusedAsync(wrong);
        }

        await SignedToken.ReplaceKeysAsync(provider);
        provider.Clock.Advance(TimeSpan.FromHours(1));
        await RefusedAsync(lasting);

        async Task RefusedAsync(string token)
        {
            using var refused = await api.GetAsync("/orders", token);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Contains("error=\"invalid_token\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
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
