using System.Net;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Grants;

/// <summary>Refresh tokens. Checklist rows RF1 to RF13.</summary>
public sealed class RefreshTests(SharedProviders providers)
{
    private const string Offline = "openid profile offline_access orders";

    [Theory, OnEachDatabase] // RF1, RF2
    public async Task A_refresh_gives_new_tokens_about_the_same_sign_in(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var first = await shop.SignInAsync(Alice, AlicePassword, Offline);

        var second = (await shop.RefreshAsync(first.RefreshToken)).OrFail();

        Assert.NotEqual(first.AccessToken, second.AccessToken);
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.Contains("no-store", second.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.True(second.Json.GetProperty("expires_in").GetInt32() > 0);
        // OpenID Connect Core §12.2
        var (before, after) = (Wire.ClaimsOf(first.IdToken), Wire.ClaimsOf(second.IdToken));
        foreach (var claim in new[] { "iss", "sub", "aud", "azp", "auth_time", "sid", "acr" })
        {
            Assert.Equal(before.GetProperty(claim).ToString(), after.GetProperty(claim).ToString());
        }

        Assert.True(!after.TryGetProperty("nonce", out var nonce) || nonce.GetString() == before.GetProperty("nonce").GetString());
    }

    [Theory, OnEachDatabase] // RF3
    public async Task A_refresh_token_is_for_the_client_it_was_given_to(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var tokens = await host.RelyingParty(Shop).SignInAsync(Alice, AlicePassword, Offline);

        var stolen = await host.RelyingParty(Stall).RefreshAsync(tokens.RefreshToken);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (stolen.Status, stolen.Error));
        Assert.Equal(HttpStatusCode.OK, (await host.RelyingParty(Shop).RefreshAsync(tokens.RefreshToken)).Status);
    }

    [Theory, OnEachDatabase] // RF4
    public async Task A_confidential_client_authenticates_to_refresh(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, Offline);

        var wrong = await shop.With("wrong").RefreshAsync(tokens.RefreshToken);
        var none = await shop.With(null, AuthenticationBy.None).RefreshAsync(tokens.RefreshToken);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (wrong.Status, wrong.Error));
        Assert.Equal("invalid_client", none.Error);
    }

    [Theory, OnEachDatabase] // RF5
    public async Task A_narrower_scope_is_granted_and_narrows_nothing_later(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, Offline);

        var narrow = (await shop.RefreshAsync(tokens.RefreshToken, "openid")).OrFail();
        var wide = (await shop.RefreshAsync(narrow.RefreshToken)).OrFail();

        Assert.Equal("openid", Wire.ClaimsOf(narrow.AccessToken).GetProperty("scope").GetString());
        Assert.Equal(Sorted(Offline), Sorted(Wire.ClaimsOf(wide.AccessToken).GetProperty("scope").GetString()!));
    }

    [Theory, OnEachDatabase] // RF6: RFC 6749 §6
    public async Task A_wider_scope_is_refused(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, Offline);

        var answer = await shop.RefreshAsync(tokens.RefreshToken, Offline + " reports");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_scope"), (answer.Status, answer.Error));
    }

    [Theory, OnEachDatabase] // A lost answer: RFC 9700 §4.14.2
    public async Task A_retry_soon_after_gets_the_same_successor(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, Offline);

        var first = (await shop.RefreshAsync(tokens.RefreshToken)).OrFail();
        var again = (await shop.RefreshAsync(tokens.RefreshToken)).OrFail();

        Assert.Equal(first.RefreshToken, again.RefreshToken);
        Assert.NotEqual(first.AccessToken, again.AccessToken);
    }

    [Theory, OnEachDatabase] // RF7: RFC 9700 §4.14.2
    public async Task A_later_reuse_ends_the_grant(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var spa = host.RelyingParty(Spa);
        var tokens = await spa.SignInAsync(Alice, AlicePassword, "openid offline_access");
        var successor = (await spa.RefreshAsync(tokens.RefreshToken)).OrFail();
        host.Clock.Advance(TimeSpan.FromSeconds(31));

        var reused = await spa.RefreshAsync(tokens.RefreshToken);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (reused.Status, reused.Error));
        Assert.Equal("invalid_grant", (await spa.RefreshAsync(successor.RefreshToken)).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, (await spa.UserInfoAsync(successor.AccessToken)).Status);
    }

    [Theory, OnEachDatabase]
    public async Task Refreshes_at_once_agree_on_one_successor(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, Offline);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.RefreshAsync(tokens.RefreshToken)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(answers.Select(answer => answer.RefreshToken).Distinct());
        Assert.Distinct(answers.Select(answer => answer.AccessToken));
        Assert.Equal(HttpStatusCode.OK, (await shop.RefreshAsync(answers[0].RefreshToken)).Status);
    }

    [Theory, OnEachDatabase] // RF9, RF11: without offline_access the refresh token ends with the session
    public async Task Without_offline_access_a_refresh_token_ends_with_the_session(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var shop = host.RelyingParty(Shop);
        using var browser = host.NewBrowser();
        var online = await shop.SignInAsync(browser, Alice, AlicePassword, "openid");
        var offline = await shop.SignInAsync(browser, Alice, AlicePassword, "openid offline_access");
        Assert.NotNull(online.Find("refresh_token"));

        await browser.OpenAsync($"/connect/logout?id_token_hint={offline.IdToken}");

        Assert.Equal("invalid_grant", (await shop.RefreshAsync(online.RefreshToken)).Error);
        Assert.Equal(HttpStatusCode.OK, (await shop.RefreshAsync(offline.RefreshToken)).Status);
    }

    [Theory, OnEachDatabase] // RF10: RFC 7009 §2.1
    public async Task A_revoked_refresh_token_ends_its_grant(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, Offline);

        Assert.Equal(HttpStatusCode.OK, (await shop.RevokeAsync(tokens.RefreshToken, "refresh_token")).Status);

        Assert.Equal("invalid_grant", (await shop.RefreshAsync(tokens.RefreshToken)).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.UserInfoAsync(tokens.AccessToken)).Status);
    }

    [Theory, OnEachDatabase] // RF12
    public async Task A_refresh_token_is_nothing_else(TestDatabase database)
    {
        var shop = (await providers.OnAsync(database)).RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, Offline);

        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.UserInfoAsync(tokens.RefreshToken)).Status);
        Assert.Equal("invalid_grant", (await shop.ExchangeAsync(tokens.RefreshToken, shop.NewRequest())).Error);
    }

    [Theory, OnEachDatabase] // RF13
    public async Task A_refresh_token_that_lies_unused_expires(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var shop = host.RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, Offline);
        host.Clock.Advance(TimeSpan.FromDays(13));
        tokens = (await shop.RefreshAsync(tokens.RefreshToken)).OrFail();

        host.Clock.Advance(TimeSpan.FromDays(15));

        Assert.Equal("invalid_grant", (await shop.RefreshAsync(tokens.RefreshToken)).Error);
    }

    [Theory, OnEachDatabase] // RF13
    public async Task A_grant_can_be_refreshed_only_so_long(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var shop = host.RelyingParty(Shop);
        var tokens = await shop.SignInAsync(Alice, AlicePassword, Offline);
        for (var days = 0; days < 80; days += 10)
        {
            host.Clock.Advance(TimeSpan.FromDays(10));
            tokens = (await shop.RefreshAsync(tokens.RefreshToken)).OrFail();
        }

        host.Clock.Advance(TimeSpan.FromDays(11));

        Assert.Equal("invalid_grant", (await shop.RefreshAsync(tokens.RefreshToken)).Error);
    }

    private static IEnumerable<string> Sorted(string scope) => scope.Split(' ').Order(StringComparer.Ordinal);
}
