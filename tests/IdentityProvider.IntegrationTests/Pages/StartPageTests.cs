using System.Net;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Pages;

public class StartPageTests(SharedProviders providers)
{
    [Fact]
    public async Task A_stranger_is_offered_to_sign_in()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();

        var page = await browser.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.NotNull(page.Document.QuerySelector("a[href='/login']"));
        Assert.False(page.Has("logout-confirm"));
    }

    [Fact]
    public async Task Developers_find_addresses_in_Development_only()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();
        await using var production = await ProviderHost.StartAsync(new ProviderSettings
        {
            Environment = "Production",
            Issuer = "https://id.example",
            Declaration = null,
        });
        using var visitor = production.NewBrowser();

        Assert.Contains("/.well-known/openid-configuration", (await browser.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("/.well-known", (await visitor.GetAsync("/")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_account_page_asks_a_stranger_to_sign_in_and_comes_back()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();

        var login = await browser.OpenAsync("/account");
        Assert.True(login.Has("login-submit"));

        var account = await browser.SignInAsync(login, person.UserName, person.Password);
        Assert.Equal("/account", account.Url.AbsolutePath);
        Assert.Contains(person.Email, account.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_sees_who_they_are_and_can_sign_out()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        var person = await provider.NewPersonAsync();
        using var browser = provider.NewBrowser();
        await browser.SignInAsync(person.UserName, person.Password);

        var start = await browser.GetAsync("/");
        Assert.Contains("You are signed in", start.Text, StringComparison.Ordinal);

        var end = await browser.PressAndFollowAsync(start, "logout-confirm");
        Assert.Contains("You are signed out", end.Text, StringComparison.Ordinal);
        Assert.False((await browser.GetAsync("/")).Has("logout-confirm"));
    }
}
