using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using IdentityProvider.Sandbox;

namespace IdentityProvider.IntegrationTests.Sandbox;

/// <summary>The publishing service with tokens of the provider: what the test people get, and what the sample machine does with its own.</summary>
public sealed class PublishingTests(RunningSandbox sandbox)
{
    [Theory]
    [InlineData("anna", "author", "newsroom", "posts.create posts.read-drafts", "EU")] // an editor in July 2025, and not since
    [InlineData("erik", "author editor", "", "posts.create posts.read-drafts", "EU")]
    [InlineData("carla", "author chief-editor editor", "", "posts.create posts.delete posts.read-drafts readers.export", "US")]
    [InlineData("emil", "reader-care", "eu-desk", "readers.export", "EU")]
    [InlineData("rita", "", "", "", null)]
    [InlineData("bob", "", "", "", null)]
    public async Task The_API_reads_in_the_token_what_was_declared(string person, string roles, string groups, string permissions, string? region)
    {
        using var browser = new LoopbackBrowser();

        var page = await PostsOfAsync(browser, person);

        Assert.Equal(Or(roles, "none"), page.TextOf("your-roles").Replace(",", "", StringComparison.Ordinal));
        Assert.Equal(Or(permissions, "none"), page.TextOf("your-permissions").Replace(",", "", StringComparison.Ordinal));
        Assert.Equal(region is null ? "no region" : $"region {region}", page.TextOf("your-region"));
        var notes = await browser.OpenAsync((await sandbox.AddressesAsync()).WebApp + "/call-api");
        var claims = JsonDocument.Parse(notes.TextOf("api-answer")).RootElement.GetProperty("claims");
        Assert.Equal(groups, claims.TryGetProperty("groups", out var read) ? read.GetString() : "");

        static string Or(string value, string other) => value.Length > 0 ? value : other;
    }

    [Fact]
    public async Task What_the_page_says_one_may_not_do_the_API_refuses_and_what_it_says_one_may_it_does()
    {
        foreach (var person in new[] { "anna", "erik", "carla", "emil", "rita" })
        {
            using var browser = new LoopbackBrowser();
            var posts = await PostsOfAsync(browser, person);
            var refused = posts.Document.QuerySelectorAll("[data-may='false']").Select(button => button.Id!).ToList();
            Assert.NotEmpty(refused);
            foreach (var button in refused)
            {
                var answer = await browser.PressAsync(posts, button);
                Assert.True(answer.TextOf("api-status") == "403 Forbidden", $"{person} {button}: {answer.TextOf("api-status")}");
            }
        }

        using var author = new LoopbackBrowser();
        var page = await PostsOfAsync(author, "alice");
        var written = await author.PressAsync(page, "write", new Dictionary<string, string> { ["title"] = "<b>Bold</b>", ["text"] = "Written by alice" });
        Assert.Equal("201 Created", written.TextOf("api-status"));
        page = await author.ClickAsync(written, "back");
        var id = page.Document.QuerySelectorAll("article[id^='post-']").Single(post => post.TextContent.Contains("Written by alice", StringComparison.Ordinal)).Id!;
        Assert.Equal("<b>Bold</b>", page.TextOf(id + "-title"));
        Assert.Equal("200 OK", (await author.PressAsync(page, id + "-withdraw")).TextOf("api-status"));
    }

    [Theory]
    [InlineData("none", "Bearer")]
    [InlineData("changed", "Bearer error=\"invalid_token\"")]
    [InlineData("id-token", "Bearer error=\"invalid_token\"")]
    public async Task A_token_that_is_no_good_is_401(string token, string challenge)
    {
        using var browser = new LoopbackBrowser();
        var page = await PostsOfAsync(browser, "carla");

        var answer = await browser.PressAsync(page, "token-" + token);

        Assert.Equal("401 Unauthorized", answer.TextOf("api-status"));
        Assert.StartsWith(challenge, answer.TextOf("api-challenge"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_from_elsewhere_does_nothing()
    {
        using var browser = new LoopbackBrowser();
        var page = await PostsOfAsync(browser, "carla");
        using var forged = new HttpRequestMessage(HttpMethod.Post, new Uri(page.Url, "/posts/1"))
        {
            Content = new FormUrlEncodedContent([new("do", "delete")]),
        };

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendAsync(forged)).Status);
        Assert.True((await browser.OpenAsync(page.Url.ToString())).Has("post-1"));
    }

    [Fact]
    public async Task A_machine_has_its_permissions_and_its_scopes_and_no_more()
    {
        var addresses = await sandbox.AddressesAsync();
        using var http = new HttpClient();
        var token = await MachineTokenAsync(http, addresses, "posts.read posts.write readers.export");
        var narrow = await MachineTokenAsync(http, addresses, "posts.read");

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, HttpMethod.Post, addresses.Api + "/posts", token));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, HttpMethod.Put, addresses.Api + "/posts/1/publication", token));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, HttpMethod.Put, addresses.Api + "/posts/1/withdrawal", token));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, HttpMethod.Get, addresses.Api + "/readers/EU", token));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, HttpMethod.Delete, addresses.Api + "/posts/999999", narrow));
        // Nothing is there to delete, but it may.
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, HttpMethod.Delete, addresses.Api + "/posts/999999", token));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, HttpMethod.Get, addresses.Api + "/posts", narrow));
    }

    private async Task<Page> PostsOfAsync(LoopbackBrowser browser, string person)
    {
        var addresses = await sandbox.AddressesAsync();
        var login = await browser.OpenAsync(addresses.WebApp + "/sign-in");
        var page = await browser.PressAsync(login, "login-submit", new Dictionary<string, string>
        {
            ["username"] = person,
            ["password"] = person + "-sandbox-password",
        });
        page = page.Has("consent-allow") ? await browser.PressAsync(page, "consent-allow") : page;
        return await browser.ClickAsync(page, "posts");
    }

    private static async Task<string> MachineTokenAsync(HttpClient http, SandboxAddresses addresses, string scope)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, addresses.Provider + "/connect/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", scope)]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(
            "sample-machine:sample-machine-secret-of-the-sandbox-not-for-use-elsewhere"u8));
        using var response = await http.SendAsync(request);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, HttpMethod method, string url, string token)
    {
        using var request = new HttpRequestMessage(method, url) { Content = method == HttpMethod.Post ? JsonContent.Create(new { }) : null };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
