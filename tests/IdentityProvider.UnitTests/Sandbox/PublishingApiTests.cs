using System.Net;
using System.Text.Json;
using IdentityProvider.Sandbox.Api.Readers;
using IdentityProvider.UnitTests.ResourceServer;

namespace IdentityProvider.UnitTests.Sandbox;

/// <summary>The sample API's four strategies, refused first. 401 is for whom it does not know, 403 for whom it knows.</summary>
public sealed class PublishingApiTests
{
    private static readonly object draft = new { title = "A title", text = "A text", byline = "Somebody" };

    /// <summary>Every guarded endpoint, and the scope that it wants.</summary>
    public static TheoryData<string, string, string> Endpoints => new()
    {
        { "GET", "/notes", "notes.read" },
        { "GET", "/posts", "posts.read" },
        { "GET", "/posts/1", "posts.read" },
        { "POST", "/posts", "posts.write" },
        { "PUT", "/posts/1", "posts.write" },
        { "DELETE", "/posts/1", "posts.write" },
        { "PUT", "/posts/1/publication", "posts.write" },
        { "DELETE", "/posts/1/publication", "posts.write" },
        { "PUT", "/posts/1/withdrawal", "posts.write" },
        { "GET", "/readers", "readers.export" },
        { "GET", "/readers/EU", "readers.export" },
    };

    [Theory, MemberData(nameof(Endpoints))] // RFC 6750 §3: without authentication information, no error code
    public async Task Without_a_token_nothing_is_told(string method, string path, string scope)
    {
        await using var api = await PublishingApiHost.StartAsync();

        using var response = await api.SendAsync(method, path, token: null, draft);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.DoesNotContain(scope, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Endpoints))] // RFC 6750 §3.1
    public async Task A_token_without_the_scope_is_refused_whatever_its_bearer_may_do(string method, string path, string scope)
    {
        await using var api = await PublishingApiHost.StartAsync();
        var others = string.Join(' ', PublishingApiHost.EveryScope.Split(' ').Where(other => other != scope));
        // The first post is anna's.
        var token = api.Token("anna", others, ["editor"], ["posts.create", "posts.read-drafts", "posts.delete", "readers.export"], "EU");

        using var response = await api.SendAsync(method, path, token, draft);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal($"Bearer error=\"insufficient_scope\", scope=\"{scope}\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("for another API")]
    [InlineData("expired")]
    [InlineData("not valid yet")]
    [InlineData("an id_token")]
    [InlineData("signed by somebody else")]
    [InlineData("signed by a key that was removed")]
    [InlineData("of another issuer")]
    [InlineData("bound to a key")]
    public async Task A_token_that_is_no_good_is_401_even_where_its_bearer_may_do_nothing(string what)
    {
        await using var api = await PublishingApiHost.StartAsync();
        using var somebodyElse = new TokenMint(api.Clock);
        var now = api.Clock.GetUtcNow().UtcDateTime;
        var token = what switch
        {
            "for another API" => api.Mint.Token(token => token.Audience = "https://other.example.com"),
            "expired" => api.Mint.Token(token => token.Expires = now.AddMinutes(-1)),
            "not valid yet" => api.Mint.Token(token => token.NotBefore = now.AddMinutes(5)),
            "an id_token" => api.Mint.Token(token => token.TokenType = "JWT"),
            "signed by somebody else" => somebodyElse.Token(),
            "of another issuer" => api.Mint.Token(token => token.Issuer = "https://id.example.com/"),
            "bound to a key" => api.Mint.TokenWith("cnf", new Dictionary<string, object> { ["jkt"] = "x" }),
            _ => api.Mint.Token(token => (token.NotBefore, token.Expires) = (now, now.AddHours(3))),
        };
        if (what == "signed by a key that was removed")
        {
            using var before = await api.SendAsync("DELETE", "/posts/1", token);
            Assert.Equal(HttpStatusCode.Forbidden, before.StatusCode);
            api.Provider.Signer = somebodyElse;
            api.Clock.Advance(TimeSpan.FromHours(1));
        }

        using var response = await api.SendAsync("DELETE", "/posts/1", token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_role_editors_alone_publish_schedule_and_take_offline()
    {
        await using var api = await PublishingApiHost.StartAsync();
        var (id, owner) = await api.WriteAsync("anna");
        var editor = api.Token(roles: ["editor"]);

        foreach (var token in new[]
        {
            owner,
            api.Token(roles: ["Editor", "editors", "author"], permissions: ["editor", "posts.delete", "posts.create"]),
            api.Mint.TokenWithGrants(claims => (claims["scope"], claims["roles"]) = (PublishingApiHost.EveryScope, "editor")),
        })
        {
            await RefusedAsync(await api.SendAsync("PUT", $"/posts/{id}/publication", token), "required_roles", "editor");
            await RefusedAsync(await api.SendAsync("DELETE", $"/posts/{id}/publication", token), "required_roles", "editor");
        }

        var tomorrow = api.Clock.GetUtcNow().AddDays(1);
        Assert.Equal("scheduled", await StateAsync(await api.SendAsync("PUT", $"/posts/{id}/publication", editor, new { at = tomorrow })));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(api.SendAsync("GET", $"/posts/{id}", api.Token())));
        api.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("published", await StateAsync(await api.SendAsync("GET", $"/posts/{id}", api.Token())));
        editor = api.Token(roles: ["editor"]);
        Assert.Equal("draft", await StateAsync(await api.SendAsync("DELETE", $"/posts/{id}/publication", editor)));
        Assert.Equal("published", await StateAsync(await api.SendAsync("PUT", $"/posts/{id}/publication", editor)));
    }

    [Fact]
    public async Task By_permission_alone_posts_are_written_and_deleted()
    {
        await using var api = await PublishingApiHost.StartAsync();
        var (id, owner) = await api.WriteAsync("anna");

        await RefusedAsync(await api.SendAsync("DELETE", $"/posts/{id}", owner), "required_permissions", "posts.delete");
        await RefusedAsync(await api.SendAsync("DELETE", $"/posts/{id}", api.Token(roles: ["chief-editor", "editor"])), "required_permissions", "posts.delete");
        await RefusedAsync(await api.SendAsync("POST", "/posts", api.Token(roles: ["author"]), draft), "required_permissions", "posts.create");

        // A machine has no name and no sign-in; the permission is enough.
        var machine = api.Mint.TokenWithGrants(claims =>
            (claims["sub"], claims["scope"], claims["entitlements"]) = ("sample-machine", "posts.write", new[] { "posts.delete" }));
        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync(api.SendAsync("DELETE", $"/posts/{id}", machine)));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(api.SendAsync("DELETE", $"/posts/{id}", machine)));
    }

    [Fact]
    public async Task By_ownership_alone_posts_are_changed_and_withdrawn()
    {
        await using var api = await PublishingApiHost.StartAsync();
        var (id, owner) = await api.WriteAsync("7");
        var others = new[]
        {
            api.Token("anna"),
            api.Token("carla", roles: ["editor", "chief-editor"], permissions: ["posts.delete", "posts.create", "posts.read-drafts"]),
            // Nobody in particular.
            api.Mint.TokenWithGrants(claims => claims["scope"] = claims.Remove("sub") ? PublishingApiHost.EveryScope : ""),
        };

        foreach (var token in others)
        {
            Assert.Equal("The caller does not own this.", await DetailAsync(await api.SendAsync("PUT", $"/posts/{id}", token, draft)));
            Assert.Equal("The caller does not own this.", await DetailAsync(await api.SendAsync("PUT", $"/posts/{id}/withdrawal", token)));
        }

        // The number 7 is not the owner "7", and no subject at all: such a token is no good.
        foreach (object subject in new object[] { 7, new[] { "7", "8" } })
        {
            var token = api.Mint.TokenWithGrants(claims => (claims["sub"], claims["scope"]) = (subject, PublishingApiHost.EveryScope));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api.SendAsync("PUT", $"/posts/{id}", token, draft)));
        }

        using var edited = await api.SendAsync("PUT", $"/posts/{id}", owner, new { title = "Another", text = "A text", byline = "Somebody" });
        Assert.Equal("Another", (await PublishingApiHost.JsonOf(edited)).GetProperty("title").GetString());
        Assert.Equal("withdrawn", await StateAsync(await api.SendAsync("PUT", $"/posts/{id}/withdrawal", owner)));
        Assert.Equal(HttpStatusCode.Conflict, await StatusAsync(api.SendAsync("PUT", $"/posts/{id}/withdrawal", owner)));
        Assert.Equal(HttpStatusCode.Conflict, await StatusAsync(api.SendAsync("PUT", $"/posts/{id}/publication", api.Token(roles: ["editor"]))));
        Assert.Equal("draft", await StateAsync(await api.SendAsync("PUT", $"/posts/{id}", owner, draft)));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(api.SendAsync("PUT", "/posts/999999", owner, draft)));
    }

    [Theory]
    [InlineData("2030-01-01T07:59:59Z", false)] // 8:59:59 in Berlin
    [InlineData("2030-01-01T08:00:00Z", true)]
    [InlineData("2030-01-01T15:59:59Z", true)]
    [InlineData("2030-01-01T16:00:00Z", false)]
    [InlineData("2030-07-02T06:59:59Z", false)] // summer time
    [InlineData("2030-07-02T07:00:00Z", true)]
    [InlineData("2030-01-05T12:00:00Z", false)] // a Saturday
    [InlineData("2030-01-06T12:00:00Z", false)] // a Sunday
    public async Task By_attributes_European_data_is_exported_in_working_hours(string now, bool allowed)
    {
        var time = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);
        await using var api = await PublishingApiHost.StartAsync(time);
        await using var alwaysOpen = await PublishingApiHost.StartAsync(time, isAlwaysOpen: true);

        using var response = await api.SendAsync("GET", "/readers/EU", Desk(api));
        using var regions = await api.SendAsync("GET", "/readers", Desk(api));

        Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(allowed, (await response.Content.ReadAsStringAsync()).Contains("@readers.example", StringComparison.Ordinal));
        Assert.Equal(allowed ? 1 : 0, (await PublishingApiHost.JsonOf(regions)).GetProperty("regions")[0].GetProperty("may").GetArrayLength());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api.SendAsync("GET", "/readers/US", Desk(api))));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(alwaysOpen.SendAsync("GET", "/readers/EU", Desk(alwaysOpen))));
    }

    [Fact]
    public async Task By_attributes_European_data_is_for_whoever_works_there_signed_in_today_and_sits_here()
    {
        await using var api = await PublishingApiHost.StartAsync();
        await using var elsewhere = await PublishingApiHost.StartAsync(caller: "192.0.2.1");

        await RefusedAsync(await api.SendAsync("GET", "/readers/EU", api.Token(region: "EU")), "required_permissions", "readers.export");
        foreach (var token in new[]
        {
            Desk(api, region: "US"),
            Desk(api, region: "eu"),
            Desk(api, region: null),
            Desk(api, signedInFor: TimeSpan.FromHours(13)),
            api.Mint.TokenWithGrants(claims => // two regions are none
                (claims["scope"], claims["entitlements"], claims["auth_time"], claims[ReaderExport.RegionClaim]) =
                ("readers.export", new[] { "readers.export" }, api.Clock.GetUtcNow().ToUnixTimeSeconds(), new[] { "EU", "US" })),
            api.Mint.TokenWithGrants(claims => // a machine never signed in
                (claims["scope"], claims["entitlements"], claims[ReaderExport.RegionClaim]) = ("readers.export", new[] { "readers.export" }, "EU")),
        })
        {
            using var response = await api.SendAsync("GET", "/readers/EU", token);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Empty(response.Headers.WwwAuthenticate);
            Assert.DoesNotContain("@readers.example", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(elsewhere.SendAsync("GET", "/readers/EU", Desk(elsewhere))));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api.SendAsync("GET", "/readers/EU", Desk(api))));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(api.SendAsync("GET", "/readers/XX", Desk(api))));
    }

    [Fact]
    public async Task What_is_not_published_is_told_to_its_owner_and_the_newsroom_only()
    {
        await using var api = await PublishingApiHost.StartAsync();
        var (id, owner) = await api.WriteAsync("alice");

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(api.SendAsync("GET", $"/posts/{id}", api.Token())));
        Assert.Equal(["published", "published"], await StatesAsync(api, api.Token()));
        Assert.Equal(["draft", "published", "published"], await StatesAsync(api, owner));
        Assert.Equal(["draft", "draft", "draft", "scheduled", "published", "published"], await StatesAsync(api, api.Token(permissions: ["posts.read-drafts"])));
    }

    [Theory]
    [InlineData("POST", "/posts", """{ "title": "", "text": "A text", "byline": "Somebody" }""")]
    [InlineData("POST", "/posts", """{ "text": "A text", "byline": "Somebody" }""")]
    [InlineData("POST", "/posts", """{ "title": 7, "text": "A text", "byline": "Somebody" }""")]
    [InlineData("POST", "/posts", "null")]
    [InlineData("POST", "/posts", "{")]
    [InlineData("PUT", "/posts/1/publication", """{ "at": "yesterday" }""")]
    [InlineData("PUT", "/posts/5/publication", """{ "at": "2029-12-31T00:00:00Z" }""")]
    public async Task What_makes_no_sense_is_a_bad_request_with_a_problem_document(string method, string path, string body)
    {
        await using var api = await PublishingApiHost.StartAsync();

        using var response = await api.SendAsync(
            method, path, api.Token(roles: ["editor"], permissions: ["posts.create"]), body == "{" ? "{" : JsonSerializer.Deserialize<JsonElement>(body));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task What_was_written_survives_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("publishing-");
        var database = Path.Combine(folder.FullName, "publishing.db");
        int id;
        await using (var first = await PublishingApiHost.StartAsync(database: database))
        {
            (id, _) = await first.WriteAsync("anna");
        }

        await using (var second = await PublishingApiHost.StartAsync(database: database))
        {
            Assert.Equal("draft", await StateAsync(await second.SendAsync("GET", $"/posts/{id}", second.Token("anna"))));
            Assert.Equal(6, (await StatesAsync(second, second.Token(permissions: ["posts.read-drafts"]))).Count);
        }

        folder.Delete(recursive: true);
    }

    private static string Desk(PublishingApiHost api, string? region = "EU", TimeSpan? signedInFor = null) =>
        api.Token("emil", permissions: ["readers.export"], region: region, signedInFor: signedInFor);

    /// <summary>403 that names what is missing, and no challenge: another sign-in would not help.</summary>
    private static async Task RefusedAsync(HttpResponseMessage response, string member, string missing)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Empty(response.Headers.WwwAuthenticate);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal(missing, Assert.Single((await PublishingApiHost.JsonOf(response)).GetProperty(member).EnumerateArray()).GetString());
        }
    }

    private static async Task<string?> DetailAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Empty(response.Headers.WwwAuthenticate);
            return (await PublishingApiHost.JsonOf(response)).GetProperty("detail").GetString();
        }
    }

    private static async Task<string?> StateAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return (await PublishingApiHost.JsonOf(response)).GetProperty("state").GetString();
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> sent)
    {
        using var response = await sent;
        return response.StatusCode;
    }

    private static async Task<List<string?>> StatesAsync(PublishingApiHost api, string token)
    {
        using var response = await api.SendAsync("GET", "/posts", token);
        var posts = (await PublishingApiHost.JsonOf(response)).GetProperty("posts");
        return [.. posts.EnumerateArray().Select(post => post.GetProperty("state").GetString())
            .OrderBy(state => state switch { "draft" => 0, "scheduled" => 1, _ => 2 })];
    }
}
