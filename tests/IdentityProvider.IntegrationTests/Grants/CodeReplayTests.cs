using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Grants;

/// <summary>What a code is worth after its first use, elsewhere, and after a logout: RFC 6749 §4.1.2.</summary>
public class CodeReplayTests(SharedProviders providers)
{
    [Theory, OnEachDatabase]
    public async Task A_replay_on_one_device_leaves_the_other_alone(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        var person = await provider.NewPersonAsync();
        var laptop = await shop.SignInAsync(person);
        using var phone = provider.NewBrowser();
        var request = shop.NewRequest();
        var code = request.CodeFrom(await phone.AuthorizeAsync(request, person));
        (await shop.ExchangeAsync(code, request)).OrFail();

        Assert.Equal("invalid_grant", (await shop.ExchangeAsync(code, request)).Error);

        (await shop.UserInfoAsync(laptop.AccessToken)).OrFail();
        (await shop.RefreshAsync(laptop.RefreshToken)).OrFail();
    }

    [Theory, OnEachDatabase] // TK26
    public async Task Of_sixteen_exchanges_at_once_on_two_nodes_exactly_one_succeeds(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await using var other = await provider.StartSecondNodeAsync();
        using var browser = provider.NewBrowser();
        var request = provider.RelyingParty(StandardDeclaration.Shop).NewRequest();
        var code = request.CodeFrom(await browser.AuthorizeAsync(request, await provider.NewPersonAsync()));

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(index =>
            (index % 2 == 0 ? provider : other).RelyingParty(StandardDeclaration.Shop).ExchangeAsync(code, request)));

        Assert.Single(answers, answer => answer.Succeeded);
        Assert.All(answers.Where(answer => !answer.Succeeded), answer => Assert.Equal("invalid_grant", answer.Error));
    }

    [Theory, OnEachDatabase]
    public async Task A_code_is_worth_nothing_after_its_person_signed_out(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);
        var shop = provider.RelyingParty(StandardDeclaration.Shop);
        using var browser = provider.NewBrowser();
        var request = shop.NewRequest();
        var code = request.CodeFrom(await browser.AuthorizeAsync(request, await provider.NewPersonAsync()));
        await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");

        Assert.Equal("invalid_grant", (await shop.ExchangeAsync(code, request)).Error);
    }
}
