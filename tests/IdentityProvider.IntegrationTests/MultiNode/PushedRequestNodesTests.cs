using IdentityProvider.IntegrationTests.Authorize;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.MultiNode;

/// <summary>A pushed request lies in the database: any node opens it, and a restart loses nothing.</summary>
public sealed class PushedRequestNodesTests
{
    [Theory, OnEachDatabase]
    public async Task Pushed_at_one_node_it_is_opened_and_answered_at_others_and_once(TestDatabase database)
    {
        await using var first = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await using var second = await first.StartSecondNodeAsync();
        var portal = first.RelyingParty(Portal);
        var person = await first.NewPersonAsync();
        var request = portal.NewRequest();
        var url = await portal.PushedUrlAsync(request);
        using var browser = second.NewBrowser();

        var login = await browser.OpenAsync(url);
        browser.Node = first;
        await browser.SignInAsync(person.UserName, person.Password);
        var tabs = new[] { first, second, first, second }.Select(node => node.NewBrowser()).ToList();
        foreach (var (tab, cookie) in tabs.SelectMany(tab => browser.Cookies.All.Select(cookie => (tab, cookie))))
        {
            tab.Cookies.Add(cookie);
        }

        var pages = await Task.WhenAll(tabs.Select(tab => tab.GetAsync(url)));

        Assert.True(login.Has("login-submit"));
        var answered = Assert.Single(pages, page => page.Location is not null);
        portal.Node = second;
        (await portal.ExchangeAsync(request.CodeFrom(answered), request)).OrFail();
        tabs.ForEach(tab => tab.Dispose());
    }

    [Theory, OnEachDatabase]
    public async Task One_browser_that_opens_it_at_both_nodes_at_once_is_one_browser(TestDatabase database)
    {
        await using var first = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await using var second = await first.StartSecondNodeAsync();
        var portal = first.RelyingParty(Portal);
        using var browser = first.NewBrowser();
        await browser.OpenAsync(portal.NewRequest().Url);
        var url = await portal.PushedUrlAsync(portal.NewRequest());
        var tabs = new[] { first, second, first, second }.Select(node => node.NewBrowser()).ToList();
        tabs.ForEach(tab => tab.Cookies.Add(browser.Cookies.Find("idp.browser")!));

        var pages = await Task.WhenAll(tabs.Select(tab => tab.OpenAsync(url)));

        Assert.All(pages, page => Assert.True(page.Has("login-submit"), page.ToString()));
        tabs.ForEach(tab => tab.Dispose());
    }

    [Theory, OnEachDatabase]
    public async Task A_restart_at_any_step_changes_nothing(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var portal = host.RelyingParty(Portal);
        var person = await host.NewPersonAsync();
        var request = portal.NewRequest();
        var url = await portal.PushedUrlAsync(request);
        using var browser = host.NewBrowser();

        await host.RestartAsync();
        var login = await browser.OpenAsync(url);
        await host.RestartAsync();
        var code = request.CodeFrom(await browser.SignInAsync(login, person.UserName, person.Password));
        await host.RestartAsync();

        Pushing.AssertShown(await browser.OpenAsync(url));
        (await portal.ExchangeAsync(code, request)).OrFail();
    }
}
