using System.Net;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Pages;

public class ErrorPageTests(SharedProviders providers)
{
    [Fact]
    public async Task A_request_that_may_not_be_answered_by_redirect_ends_in_a_page_that_shows_its_error()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();

        var page = await browser.OpenAsync("/connect/authorize?client_id=nobody&response_type=code&redirect_uri=https%3A%2F%2Fnowhere.example%2F");

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal("H1", page.Element("error-title").TagName);
        Assert.Equal("invalid_request", page.TextOf("error"));
        Assert.NotEqual("", page.TextOf("error-description"));
        Assert.Matches("^[0-9A-Z]{4}-[0-9A-Z]{4}$", page.TextOf("error-reference"));
    }

    [Fact]
    public async Task What_a_stranger_wrote_into_the_request_is_shown_as_text()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();

        var page = await browser.OpenAsync("/connect/authorize?client_id=%3Cscript%3Ealert(1)%3C/script%3E&response_type=code");

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Empty(page.Document.Scripts);
    }

    [Theory]
    [InlineData("/no-such-page")]
    [InlineData("/error")]
    public async Task A_page_that_does_not_exist_says_so_with_404(string path)
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();

        var page = await browser.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Equal("This page does not exist", page.TextOf("error-title"));
        Assert.False(page.Has("error"));
    }

    [Fact]
    public async Task A_form_without_its_antiforgery_token_is_refused_by_a_page_that_says_what_to_do()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var browser = provider.NewBrowser();

        var page = await browser.PostAsync("/", [new("anything", "at all")]);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal("This form has expired", page.TextOf("error-title"));
    }
}
