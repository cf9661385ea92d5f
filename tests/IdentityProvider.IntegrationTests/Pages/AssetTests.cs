using System.Net;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Pages;

public class AssetTests(SharedProviders providers)
{
    [Fact]
    public async Task The_style_sheet_a_page_names_is_kept_by_browsers_for_good()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();
        var page = await browser.GetAsync("/login");

        var answer = await browser.GetAsync(page.Document.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("text/css", answer.Headers["Content-Type"]);
        Assert.Contains("immutable", answer.Headers["Cache-Control"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_without_the_right_version_is_served_but_not_kept()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();

        Assert.Equal("no-cache", (await browser.GetAsync("/assets/idp.css")).Headers["Cache-Control"]);
        Assert.Equal("no-cache", (await browser.GetAsync("/assets/idp.css?v=old")).Headers["Cache-Control"]);
    }

    [Fact]
    public async Task What_a_browser_has_is_not_sent_again()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();
        var first = await browser.GetAsync("/assets/favicon.svg");
        using var request = new HttpRequestMessage(HttpMethod.Get, provider.Issuer + "/assets/favicon.svg");
        request.Headers.TryAddWithoutValidation("If-None-Match", first.Headers["ETag"]);

        var second = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.Status);
        Assert.Equal("", second.Body);
    }

    [Theory]
    [InlineData("/assets/none.css")]
    [InlineData("/assets/")]
    [InlineData("/assets/%2e%2e/appsettings.json")]
    public async Task Nothing_else_can_be_read_there(string path)
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(path)).Status);
    }
}
