using System.Net;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.MultiNode;

/// <summary>Two nodes on one database are one server. Nothing in memory is needed for correctness.</summary>
public sealed class TwoNodesTests
{
    [Theory, OnEachDatabase]
    public async Task Every_step_of_a_sign_in_may_reach_another_node(TestDatabase database)
    {
        await using var nodes = await Nodes.StartAsync(database);
        var person = await nodes.A.NewPersonAsync();
        var shop = nodes.A.RelyingParty(Shop);
        using var browser = nodes.A.NewBrowser();
        var request = shop.NewRequest("openid profile offline_access orders");

        var login = await browser.OpenAsync(request.Url);
        browser.Node = nodes.B;
        var signedIn = await browser.PressAsync(login, "login-submit",
            new Dictionary<string, string> { ["username"] = person.UserName, ["password"] = person.Password });
        browser.Node = nodes.A;
        var consent = await browser.FollowAsync(signedIn);
        browser.Node = nodes.B;
        var allowed = await browser.PressAsync(consent, "consent-allow");
        browser.Node = nodes.A;
        var code = request.CodeFrom(await browser.FollowAsync(allowed));
        shop.Node = nodes.B;
        var tokens = (await shop.ExchangeAsync(code, request)).OrFail();
        shop.Node = nodes.A;
        var refreshed = (await shop.RefreshAsync(tokens.RefreshToken)).OrFail();

        Assert.Equal(HttpStatusCode.OK, (await shop.UserInfoAsync(tokens.AccessToken)).Status);
        shop.Node = nodes.B;
        Assert.Equal(HttpStatusCode.OK, (await shop.UserInfoAsync(refreshed.AccessToken)).Status);
        Assert.True((await nodes.B.RelyingParty(Api).IntrospectAsync(tokens.AccessToken)).OrFail().Json.GetProperty("active").GetBoolean());
    }

    [Theory, OnEachDatabase]
    public async Task A_session_ended_at_one_is_ended_at_the_other(TestDatabase database)
    {
        await using var nodes = await Nodes.StartAsync(database);
        var portal = nodes.A.RelyingParty(Portal);
        using var browser = nodes.A.NewBrowser();
        var tokens = await portal.SignInAsync(browser, Alice, AlicePassword);
        var cookies = browser.Cookies.All;

        await browser.OpenAsync($"/connect/logout?id_token_hint={tokens.IdToken}");

        // A thief who copied the cookie before gets nowhere at the other node either.
        using var thief = nodes.B.NewBrowser();
        foreach (var cookie in cookies)
        {
            thief.Cookies.Add(cookie);
        }

        var request = portal.NewRequest(change: parameters => parameters["prompt"] = "none");
        Assert.Equal("login_required", request.ErrorFrom(await thief.OpenAsync(request.Url)));
        portal.Node = nodes.B;
        Assert.Equal("invalid_grant", (await portal.RefreshAsync(tokens.RefreshToken)).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.UserInfoAsync(tokens.AccessToken)).Status);
    }

    [Theory, OnEachDatabase]
    public async Task What_is_declared_at_one_is_known_at_the_other_within_seconds(TestDatabase database)
    {
        await using var nodes = await Nodes.StartAsync(database);
        // Both have their caches warm.
        (await nodes.A.RelyingParty(Machine).ClientCredentialsAsync("orders")).OrFail();
        (await nodes.B.RelyingParty(Machine).ClientCredentialsAsync("orders")).OrFail();
        var added = new RelyingParty(nodes.B, "added", "added-secret-0000000000000000000000000000000", null, AuthenticationBy.Basic);
        Assert.Equal("invalid_client", (await added.ClientCredentialsAsync()).Error);

        await nodes.A.ApplyAsync($$"""
            {
              "scopes": [ { "name": "added.scope", "resources": ["{{ApiResource}}"] } ],
              "clients": [ { "client_id": "added", "client_secret": "{{added.Secret}}", "grant_types": ["client_credentials"], "scope": "added.scope" } ]
            }
            """);

        await Eventually.TrueAsync(async () => (await added.ClientCredentialsAsync("added.scope")).Succeeded);
    }

    [Theory, OnEachDatabase]
    public async Task A_secret_changed_at_one_soon_no_longer_works_at_the_other(TestDatabase database)
    {
        await using var nodes = await Nodes.StartAsync(database);
        var machine = nodes.B.RelyingParty(Machine);
        (await machine.ClientCredentialsAsync()).OrFail();

        await nodes.A.ApplyAsync($$"""{ "clients": [ { "client_id": "{{Machine}}", "client_secret": "another-secret-00000000000000000000000000000" } ] }""");

        await Eventually.TrueAsync(async () => (await machine.ClientCredentialsAsync()).Error == "invalid_client");
        Assert.True((await machine.With("another-secret-00000000000000000000000000000").ClientCredentialsAsync()).Succeeded);
    }

    [Theory, OnEachDatabase]
    public async Task Both_publish_the_same_keys(TestDatabase database)
    {
        await using var nodes = await Nodes.StartAsync(database);

        Assert.Equal(await nodes.A.Http.GetStringAsync(".well-known/jwks"), await nodes.B.Http.GetStringAsync(".well-known/jwks"));
    }

    private sealed record Nodes(ProviderHost A, ProviderHost B) : IAsyncDisposable
    {
        public static async Task<Nodes> StartAsync(TestDatabase database)
        {
            var first = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
            return new Nodes(first, await first.StartSecondNodeAsync());
        }

        public async ValueTask DisposeAsync()
        {
            await B.DisposeAsync();
            await A.DisposeAsync();
        }
    }
}
