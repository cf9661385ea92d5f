using System.Net;
using System.Text.Json;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Introspection;

/// <summary>RFC 7662. Checklist rows IR1 to IR3.</summary>
public sealed class IntrospectionTests(SharedProviders providers)
{
    [Theory, OnEachDatabase] // IR1
    public async Task The_API_a_token_is_for_learns_what_it_needs(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var tokens = await host.RelyingParty(Shop).SignInAsync(Alice, AlicePassword, "openid orders");

        var answer = (await host.RelyingParty(Api).IntrospectAsync(tokens.AccessToken)).OrFail();

        Assert.True(answer.Json.GetProperty("active").GetBoolean());
        Assert.Equal("alice-subject", answer["sub"]);
        Assert.Equal(Shop, answer["client_id"]);
        Assert.Equal(host.Issuer, answer["iss"]);
        Assert.Equal(ApiResource, answer["aud"]);
        Assert.Equal("Bearer", answer["token_type"]);
        Assert.Equal(["openid", "orders"], answer["scope"].Split(' ').Order(StringComparer.Ordinal));
        Assert.All(["exp", "iat"], claim => Assert.Equal(JsonValueKind.Number, answer.Json.GetProperty(claim).ValueKind));
        Assert.DoesNotContain(answer.Json.EnumerateObject(), member => member.Name.StartsWith("oi_", StringComparison.Ordinal) || member.Name == "token_usage");
        Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task The_client_that_holds_a_token_may_ask_about_it(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, "openid offline_access orders");

        Assert.True((await shop.IntrospectAsync(tokens.AccessToken)).OrFail().Json.GetProperty("active").GetBoolean());
        Assert.True((await shop.IntrospectAsync(tokens.RefreshToken)).OrFail().Json.GetProperty("active").GetBoolean());
    }

    [Theory, OnEachDatabase] // IR2: RFC 7662 §2.2, nothing but inactive
    public async Task Others_learn_nothing(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var tokens = await host.RelyingParty(Shop).SignInAsync(Alice, AlicePassword, "openid offline_access orders");
        var machine = (await host.RelyingParty(Machine).ClientCredentialsAsync()).OrFail();

        await AssertInactiveAsync(host.RelyingParty(Reports), tokens.AccessToken);
        await AssertInactiveAsync(host.RelyingParty(Stall), tokens.AccessToken);
        await AssertInactiveAsync(host.RelyingParty(Api), tokens.RefreshToken);
        await AssertInactiveAsync(host.RelyingParty(Api), machine.AccessToken);
        await AssertInactiveAsync(host.RelyingParty(Api), "garbage");
        await AssertInactiveAsync(host.RelyingParty(Api), tokens.IdToken);
    }

    [Theory, OnEachDatabase] // IR2
    public async Task A_revoked_token_and_one_of_an_ended_grant_are_inactive(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var shop = host.RelyingParty(Shop);
        var revoked = await shop.SignInAsync(Alice, AlicePassword, "openid orders");
        var ended = await shop.SignInAsync(Alice, AlicePassword, "openid offline_access orders");
        await shop.RevokeAsync(revoked.AccessToken);
        await shop.RevokeAsync(ended.RefreshToken);

        await AssertInactiveAsync(host.RelyingParty(Api), revoked.AccessToken);
        await AssertInactiveAsync(host.RelyingParty(Api), ended.AccessToken);
    }

    [Theory, OnEachDatabase] // IR3
    public async Task Only_an_authenticated_client_may_ask(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var tokens = await host.RelyingParty(Shop).SignInAsync(Alice, AlicePassword, "openid orders");

        var wrong = await host.RelyingParty(Api).With("wrong").IntrospectAsync(tokens.AccessToken);
        var nobody = await host.RelyingParty(Api).With(null, AuthenticationBy.None).IntrospectAsync(tokens.AccessToken);
        var publicClient = await host.RelyingParty(Spa).IntrospectAsync(tokens.AccessToken);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (wrong.Status, wrong.Error));
        Assert.Equal("invalid_client", nobody.Error);
        Assert.False(publicClient.Succeeded && publicClient.Json.GetProperty("active").GetBoolean());
    }

    [Theory, OnEachDatabase] // RFC 7662 §2.1: by POST only
    public async Task A_token_in_the_query_is_refused(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var api = host.RelyingParty(Api);
        var tokens = await host.RelyingParty(Shop).SignInAsync(Alice, AlicePassword, "openid orders");
        var request = new HttpRequestMessage(HttpMethod.Get, "connect/introspect?token=" + tokens.AccessToken);
        request.Headers.TryAddWithoutValidation("Authorization", Wire.Basic(Api, api.Secret!));

        var answer = await api.SendAsync(request);

        Assert.InRange((int)answer.Status, 400, 499);
        Assert.Null(answer.Find("active"));
    }

    private static async Task AssertInactiveAsync(RelyingParty caller, string token)
    {
        var answer = (await caller.IntrospectAsync(token)).OrFail();

        Assert.Equal("""{"active":false}""", answer.Body);
    }
}
