using IdentityProvider.Data;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityProvider.IntegrationTests.Grants;

/// <summary>What happens to a refresh token when it is used: RFC 9700 §4.14, OpenID Connect Core §11.</summary>
public class RotationTests(SharedProviders providers)
{
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    [Theory, OnEachDatabase] // RFC 9700 §4.14.2: a lost answer is not a theft
    public async Task A_retry_within_the_leeway_gets_the_same_successor_and_a_new_access_token(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        var first = await shop.SignInAsync(await provider.NewPersonAsync());

        var second = (await shop.RefreshAsync(first.RefreshToken)).OrFail();
        var retried = (await shop.RefreshAsync(first.RefreshToken)).OrFail();

        Assert.Equal(second.RefreshToken, retried.RefreshToken);
        Assert.NotEqual(second.AccessToken, retried.AccessToken);
        (await shop.RefreshAsync(second.RefreshToken)).OrFail();
    }

    [Theory, OnEachDatabase]
    public async Task Sixteen_refreshes_at_once_on_two_nodes_all_get_the_same_successor(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await using var other = await provider.StartSecondNodeAsync();
        var first = await provider.RelyingParty(StandardDeclaration.Shop).SignInAsync(await provider.NewPersonAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(index =>
            (index % 2 == 0 ? provider : other).RelyingParty(StandardDeclaration.Shop).RefreshAsync(first.RefreshToken)));

        Assert.All(answers, answer => answer.OrFail());
        Assert.Single(answers.Select(answer => answer.RefreshToken).Distinct());
        Assert.Equal(16, answers.Select(answer => answer.AccessToken).Distinct().Count());
    }

    [Theory, OnEachDatabase]
    public async Task The_successor_is_erased_when_no_retry_can_ask_for_it_any_more(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        var first = await shop.SignInAsync(await provider.NewPersonAsync());
        var second = (await shop.RefreshAsync(first.RefreshToken)).OrFail();

        var kept = await SuccessorsAsync(provider);
        Assert.DoesNotContain(second.RefreshToken, Assert.Single(kept), StringComparison.Ordinal);

        provider.Clock.Advance(Leeway * 3);
        await Eventually.TrueAsync(async () => (await SuccessorsAsync(provider)).Count == 0);
    }

    [Theory, OnEachDatabase] // OpenID Connect Core §11
    public async Task Without_offline_access_it_ends_with_the_session_and_with_it_it_survives_a_logout(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        var online = await shop.SignInAsync(browser, person, "openid");
        var offline = await shop.SignInAsync(browser, person, "openid offline_access");

        await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");

        Assert.Equal("invalid_grant", (await shop.RefreshAsync(online.RefreshToken)).Error);
        (await shop.RefreshAsync(offline.RefreshToken)).OrFail();
    }

    [Theory, OnEachDatabase] // RF13
    public async Task The_idle_and_the_absolute_lifetime_both_end_it(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings
        {
            Database = database,
            Configuration = new Dictionary<string, string?>
            {
                ["IdentityProvider:Tokens:RefreshTokenIdleLifetime"] = "2.00:00:00",
                ["IdentityProvider:Tokens:RefreshTokenAbsoluteLifetime"] = "5.00:00:00",
            },
        });
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        var idle = await shop.SignInAsync(await provider.NewPersonAsync(), "openid offline_access");
        var used = await shop.SignInAsync(await provider.NewPersonAsync(), "openid offline_access");

        provider.Clock.Advance(TimeSpan.FromDays(1.5));
        used = (await shop.RefreshAsync(used.RefreshToken)).OrFail();
        provider.Clock.Advance(TimeSpan.FromDays(1.5));
        used = (await shop.RefreshAsync(used.RefreshToken)).OrFail();
        Assert.Equal("invalid_grant", (await shop.RefreshAsync(idle.RefreshToken)).Error);

        provider.Clock.Advance(TimeSpan.FromDays(1.9));
        used = (await shop.RefreshAsync(used.RefreshToken)).OrFail();
        provider.Clock.Advance(TimeSpan.FromDays(0.2));
        Assert.Equal("invalid_grant", (await shop.RefreshAsync(used.RefreshToken)).Error);
    }

    private static async Task<List<string>> SuccessorsAsync(ProviderHost provider)
    {
        await using var scope = provider.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<Token>()
            .Where(token => token.Successor != null).Select(token => token.Successor!).ToListAsync();
    }
}
