using System.Net;
using IdentityProvider.IntegrationTests.Permissions;
using static IdentityProvider.IntegrationTests.Evaluation.Asking;

namespace IdentityProvider.IntegrationTests.Evaluation;

/// <summary>What somebody may do at a resource (AuthZEN §8.6).</summary>
public sealed class ActionSearchTests(SharedProviders providers)
{
    [Theory, OnEachDatabase]
    public async Task It_finds_what_would_be_permitted_and_nothing_else(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var api = host.Party("posts-api");
        var boss = await host.NewPersonAsync("""["boss"]""");

        Assert.Equal(["posts.create", "posts.delete"], Names(await api.AskAsync(Search(boss.Subject), Actions)));
        Assert.Empty(Names(await api.AskAsync(Search("nobody"), Actions)));
        Assert.Empty(Names(await host.Party("plain-api").AskAsync(Search(boss.Subject), Actions)));
    }

    [Theory, OnEachDatabase]
    public async Task It_comes_in_pages(TestDatabase database)
    {
        var host = await providers.WithPublishingAsync(database);
        var permissions = Enumerable.Range(1, 205).Select(number => $"paged.{number:000}").ToList();
        var secret = host.Party("posts-api").Secret;
        await host.ApplyAsync($$"""
            {
              "resources": [{ "identifier": "https://paged.example", "clients": ["paged-api"], "permissions": ["{{string.Join("\", \"", permissions)}}"] }],
              "roles": [{ "name": "paged", "permissions": { "https://paged.example": ["{{string.Join("\", \"", permissions)}}"] } }],
              "clients": [{ "client_id": "paged-api", "client_secret": "{{secret}}", "grant_types": [], "roles": ["paged"] }]
            }
            """);
        var api = host.Party("paged-api");
        var found = new List<string>();
        var sizes = new List<int>();

        for (var token = ""; sizes.Count == 0 || token.Length > 0;)
        {
            var answer = (await api.AskAsync(Search("paged-api", "client", $$"""{ "token": "{{token}}" }"""), Actions)).OrFail();
            found.AddRange(Names(answer));
            sizes.Add(answer.Json.GetProperty("page").GetProperty("count").GetInt32());
            token = answer.Json.GetProperty("page").GetProperty("next_token").GetString()!;
        }

        Assert.Equal([100, 100, 5], sizes);
        Assert.Equal(permissions, found);
        var small = (await api.AskAsync(Search("paged-api", "client", """{ "limit": 2 }"""), Actions)).OrFail();
        Assert.Equal(["paged.001", "paged.002"], Names(small));
        Assert.StartsWith("{\"page\":", small.Body, StringComparison.Ordinal);
        // §8.2: all the rest must be as it was.
        var next = small.Json.GetProperty("page").GetProperty("next_token").GetString();
        Assert.Equal(["paged.003", "paged.004"], Names(await api.AskAsync(Search("paged-api", "client", $$"""{ "limit": 2, "token": "{{next}}" }"""), Actions)));
        foreach (var changed in new[]
        {
            Search("paged-api", "client", $$"""{ "limit": 3, "token": "{{next}}" }"""), Search("other", "client", $$"""{ "limit": 2, "token": "{{next}}" }"""),
            Search("paged-api", "client", """{ "limit": 2, "token": "!" }"""), Search("paged-api", "client", """{ "limit": 2, "token": "AAAA" }"""),
        })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await api.AskAsync(changed, Actions)).Status);
        }
    }

    [Theory]
    [InlineData("""{ "resource": { "type": "post", "id": "1" } }""", "subject is missing.")]
    [InlineData("""{ "subject": { "type": "user", "id": "x" } }""", "resource is missing.")]
    [InlineData("""{ "subject": { "type": "user", "id": "x" }, "resource": { "type": "post", "id": "1" }, "page": [] }""", "page must be an object.")]
    [InlineData("""{ "subject": { "type": "user", "id": "x" }, "resource": { "type": "post", "id": "1" }, "page": { "limit": "2" } }""", "page.limit must be")]
    [InlineData("""{ "subject": { "type": "user", "id": "x" }, "resource": { "type": "post", "id": "1" }, "page": { "limit": 0 } }""", "page.limit must be")]
    [InlineData("""{ "subject": { "type": "user", "id": "x" }, "resource": { "type": "post", "id": "1" }, "page": { "limit": 1e99 } }""", "page.limit must be")]
    [InlineData("""{ "subject": { "type": "user", "id": "x" }, "resource": { "type": "post", "id": "1" }, "page": { "token": 1 } }""", "page.token must be a string.")]
    public async Task What_is_no_search_is_told_what_is_wrong(string body, string sentence)
    {
        var host = await providers.WithPublishingAsync(TestDatabase.Sqlite);

        var answer = await host.Party("posts-api").AskAsync(body, Actions);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(sentence, answer.Body, StringComparison.Ordinal);
    }

    private static string Search(string subject, string type = "user", string page = "{}") =>
        $$"""{ "subject": { "type": "{{type}}", "id": "{{subject}}" }, "resource": { "type": "post", "id": "1" }, "page": {{page}} }""";

    private static string[] Names(ProtocolResponse answer) =>
        [.. answer.OrFail().Json.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("name").GetString()!)];
}
