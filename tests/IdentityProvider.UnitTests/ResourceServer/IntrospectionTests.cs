using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.ResourceServer;

namespace IdentityProvider.UnitTests.ResourceServer;

/// <summary>RFC 7662, from the side of the API.</summary>
public sealed class IntrospectionTests
{
    private const string Opaque = "an-opaque-token";

    [Fact]
    public async Task An_opaque_token_is_refused_unless_introspection_is_on()
    {
        await using var api = await ProtectedApi.StartAsync();

        AssertInvalid(await api.GetAsync("/me", Opaque));
        Assert.Equal(0, api.Provider.Questions);
    }

    [Theory]
    [InlineData(IntrospectionUse.OpaqueTokens)]
    [InlineData(IntrospectionUse.EveryToken)]
    public async Task The_provider_says_who_it_is_and_what_they_may_do(IntrospectionUse use)
    {
        await using var api = await StartAsync(use);
        Answer(api, answer => answer["entitlements"] = new JsonArray("posts.delete"));

        Assert.Equal("alice", await (await api.GetAsync("/me", Opaque)).Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/delete", Opaque)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/notes", Opaque)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/editors", Opaque)).StatusCode);
        Assert.True(api.Provider.Asked.TryPeek(out var question));
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes("api%20one:s%3Acret%25")), question.Authorization);
        Assert.Equal($"token={Opaque}&token_type_hint=access_token", question.Form);
    }

    [Theory]
    [InlineData("active", false)]
    [InlineData("aud", "https://other.example.com")]
    [InlineData("aud", null)]
    [InlineData("iss", "https://id.example.com/")]
    [InlineData("iss", null)]
    [InlineData("token_type", "DPoP")]
    [InlineData("token_type", null)]
    [InlineData("exp", 1)]
    [InlineData("nbf", 4_000_000_000)]
    [InlineData("cnf", "anything")]
    public async Task What_is_not_a_bearer_token_for_this_API_is_401(string member, object? value)
    {
        await using var api = await StartAsync(IntrospectionUse.OpaqueTokens);
        Answer(api, answer => answer[member] = value is null ? null : JsonSerializer.SerializeToNode(value));

        AssertInvalid(await api.GetAsync("/me", Opaque));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/open", Opaque)).StatusCode);
    }

    public static TheoryData<string, int, string> NoAnswers => new()
    {
        { "", 200, "application/json" },
        { "{", 200, "application/json" },
        { "[]", 200, "application/json" },
        { "{}", 200, "application/json" },
        { """{"active":"true"}""", 200, "application/json" },
        { """{"active":1}""", 200, "application/json" },
        { """{"active":false,"active":true}""", 200, "application/json" },
        { """{"active":true,"exp":"tomorrow","token_type":"Bearer","iss":"https://id.example.com","aud":"https://notes.example.com"}""", 200, "application/json" },
        { """{"active":true,"exp":1e300,"token_type":"Bearer","iss":"https://id.example.com","aud":"https://notes.example.com"}""", 200, "application/json" },
        { """{"active":true,"token_type":"\ud800"}""", 200, "application/json" },
        { """{"active":true,"sub":"\udc00","token_type":"Bearer","iss":"https://id.example.com","aud":"https://notes.example.com"}""", 200, "application/json" },
        { """{"active":true,"\ud800":1,"token_type":"Bearer","iss":"https://id.example.com","aud":"https://notes.example.com"}""", 200, "application/json" },
        { """{"active":true}""", 200, "text/html" },
        { """{"active":true}""", 500, "application/json" },
        { """{"error":"invalid_client"}""", 401, "application/json" },
        { """{"active":true}""", 302, "application/json" },
    };

    [Theory, MemberData(nameof(NoAnswers))] // Nobody knows whether the token is good: neither let in nor sent away for a new one.
    public async Task What_is_no_answer_is_503_and_opens_nothing(string body, int status, string type)
    {
        await using var api = await StartAsync(IntrospectionUse.OpaqueTokens);
        api.Provider.Introspect = _ => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, type) });

        await AssertUnavailableAsync(api);

        Answer(api);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/me", Opaque)).StatusCode);
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_in_time_is_503()
    {
        await using var api = await StartAsync(IntrospectionUse.OpaqueTokens, options => options.ProviderTimeout = TimeSpan.FromMilliseconds(100));
        api.Provider.Introspect = _ => new TaskCompletionSource<HttpResponseMessage>().Task;

        await AssertUnavailableAsync(api);
    }

    [Fact]
    public async Task A_provider_that_is_down_is_503()
    {
        await using var api = await StartAsync(IntrospectionUse.OpaqueTokens);
        api.Provider.IsDown = true;

        await AssertUnavailableAsync(api);
    }

    [Fact]
    public async Task An_answer_is_used_again_for_ten_seconds_and_not_longer()
    {
        await using var api = await StartAsync(IntrospectionUse.OpaqueTokens);
        Answer(api);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/me", Opaque)).StatusCode);
        Answer(api, answer => answer["active"] = false);

        api.Clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/me", Opaque)).StatusCode);
        Assert.Equal(1, api.Provider.Questions);

        api.Clock.Advance(TimeSpan.FromSeconds(0.1));
        AssertInvalid(await api.GetAsync("/me", Opaque));
        AssertInvalid(await api.GetAsync("/me", Opaque));
        Assert.Equal(2, api.Provider.Questions);
    }

    [Fact]
    public async Task No_answer_is_used_again_after_the_token_ended()
    {
        await using var api = await StartAsync(IntrospectionUse.OpaqueTokens);
        Answer(api, answer => answer["exp"] = api.Clock.GetUtcNow().AddSeconds(3).ToUnixTimeSeconds());
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/me", Opaque)).StatusCode);
        Answer(api, answer => answer["active"] = false);

        api.Clock.Advance(TimeSpan.FromSeconds(3));

        AssertInvalid(await api.GetAsync("/me", Opaque));
    }

    [Fact]
    public async Task Callers_of_one_moment_ask_once()
    {
        await using var api = await StartAsync(IntrospectionUse.OpaqueTokens);
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        api.Provider.Introspect = _ => answer.Task;

        var calls = Enumerable.Range(0, 20).Select(_ => api.GetAsync("/me", Opaque)).ToList();
        answer.SetResult(StandInProvider.Json(Good(api).ToJsonString()));

        Assert.All(await Task.WhenAll(calls), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(1, api.Provider.Questions);
    }

    [Fact]
    public async Task Made_up_tokens_fill_no_memory_and_push_no_good_answer_out()
    {
        await using var api = await StartAsync(IntrospectionUse.OpaqueTokens, options => options.Introspection.CacheSize = 100);
        api.Provider.Introspect = form => Task.FromResult(StandInProvider.Json(
            form.Contains(Opaque, StringComparison.Ordinal) ? Good(api).ToJsonString() : """{"active":false}"""));
        await api.GetAsync("/me", Opaque);

        for (var made = 0; made < 200; made++)
        {
            AssertInvalid(await api.GetAsync("/me", "made-up-" + made.ToString(CultureInfo.InvariantCulture)));
        }

        var asked = api.Provider.Questions;
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/me", Opaque)).StatusCode);
        Assert.Equal(asked, api.Provider.Questions);
    }

    [Fact]
    public async Task With_every_token_a_revoked_JWT_and_withdrawn_permissions_are_seen()
    {
        await using var api = await StartAsync(IntrospectionUse.EveryToken);
        var token = api.Mint.TokenWith("entitlements", new[] { "posts.delete" });
        Answer(api, answer => answer["entitlements"] = new JsonArray("posts.create"));

        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/delete", token)).StatusCode);

        api.Clock.Advance(TimeSpan.FromSeconds(10));
        Answer(api, answer => answer["active"] = false);
        AssertInvalid(await api.GetAsync("/me", token));
    }

    [Fact]
    public async Task With_every_token_a_JWT_that_is_no_good_is_not_asked_about()
    {
        await using var api = await StartAsync(IntrospectionUse.EveryToken);
        using var stranger = new TokenMint(api.Clock);

        AssertInvalid(await api.GetAsync("/me", stranger.Token()));
        Assert.Equal(0, api.Provider.Questions);
    }

    [Theory]
    [InlineData("/delete")]
    [InlineData("/editors")]
    [InlineData("/editors-aspnet")]
    [InlineData("/edit/of-bob")]
    [InlineData("/ask/of-bob")]
    public async Task Permissions_that_the_token_left_out_are_asked_for_when_a_guard_needs_them(string path)
    {
        await using var api = await StartAsync(IntrospectionUse.MissingPermissions);
        Answer(api, answer => (answer["entitlements"], answer["roles"]) = (new JsonArray("posts.delete", "posts.edit-any"), new JsonArray("editor")));

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/me", api.Mint.Token())).StatusCode);
        Assert.Equal(0, api.Provider.Questions);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync(path, api.Mint.Token())).StatusCode);
        Assert.Equal(1, api.Provider.Questions);

        Answer(api, answer => answer["entitlements"] = new JsonArray("posts.create"));
        api.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync(path, api.Mint.Token())).StatusCode);
    }

    [Theory]
    [InlineData("roles")]
    [InlineData("groups")]
    [InlineData("entitlements")]
    public async Task A_token_that_says_what_its_bearer_may_do_is_believed(string member)
    {
        await using var api = await StartAsync(IntrospectionUse.MissingPermissions);

        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/delete", api.Mint.TokenWith(member, Array.Empty<string>()))).StatusCode);
        Assert.Equal(0, api.Provider.Questions);
    }

    [Theory]
    [InlineData("/delete")]
    [InlineData("/edit/of-bob")]
    public async Task When_they_cannot_be_asked_for_the_answer_is_503(string path)
    {
        await using var api = await StartAsync(IntrospectionUse.MissingPermissions);
        api.Provider.Introspect = _ => Task.FromResult(StandInProvider.Json("{}", HttpStatusCode.InternalServerError));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.GetAsync(path, api.Mint.Token())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/edit/of-alice", api.Mint.Token())).StatusCode);
        Assert.Equal(1, api.Handled);
    }

    [Fact] // Roles that were left out are not roles that are not there.
    public async Task An_attribute_policy_that_refuses_by_a_role_asks_for_it()
    {
        await using var api = await StartAsync(
            IntrospectionUse.MissingPermissions, policy: policy => policy.Require("no freelancers", facts => !facts.Subject.HasRole("freelancer")));
        Answer(api, answer => answer["roles"] = new JsonArray("freelancer"));

        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/attributes", api.Mint.Token())).StatusCode);

        api.Clock.Advance(TimeSpan.FromSeconds(10));
        Answer(api, answer => answer["roles"] = new JsonArray("editor"));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/attributes", api.Mint.Token())).StatusCode);

        api.Clock.Advance(TimeSpan.FromSeconds(10));
        api.Provider.IsDown = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.GetAsync("/attributes", api.Mint.Token())).StatusCode);
        Assert.Equal(1, api.Handled);
    }

    [Theory]
    [InlineData(IntrospectionUse.MissingPermissions)]
    [InlineData(IntrospectionUse.EveryToken)]
    [InlineData(IntrospectionUse.OpaqueTokens)]
    public async Task An_answer_that_does_not_say_the_roles_is_not_taken_for_no_roles(IntrospectionUse use)
    {
        await using var api = await StartAsync(use, policy: policy => policy.Require("no freelancers", facts => !facts.Subject.HasRole("freelancer")));
        foreach (var (roles, expected) in new (JsonNode?, HttpStatusCode)[]
        {
            (new JsonArray(), HttpStatusCode.OK), (null, HttpStatusCode.Forbidden), ("freelancer", HttpStatusCode.Forbidden), (new JsonArray("freelancer", 1), HttpStatusCode.Forbidden),
        })
        {
            Answer(api, answer => answer["roles"] = roles);
            Assert.Equal(expected, (await api.GetAsync("/attributes", use == IntrospectionUse.OpaqueTokens ? Opaque : api.Mint.Token())).StatusCode);
            api.Clock.Advance(TimeSpan.FromSeconds(10));
        }
    }

    [Theory]
    [InlineData("/delete")]
    [InlineData("/edit/of-bob")]
    public async Task When_the_token_turns_out_to_be_revoked_the_answer_is_401(string path)
    {
        await using var api = await StartAsync(IntrospectionUse.MissingPermissions);

        AssertInvalid(await api.GetAsync(path, api.Mint.Token()));
        Assert.Equal(0, api.Handled);
    }

    [Fact]
    public async Task Malformed_permissions_grant_nothing()
    {
        await using var api = await StartAsync(IntrospectionUse.OpaqueTokens);
        Answer(api, answer => (answer["entitlements"], answer["roles"]) = ("posts.delete", new JsonArray("editor", 1)));

        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/delete", Opaque)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/editors", Opaque)).StatusCode);
    }

    [Fact]
    public async Task Ten_thousand_permissions_are_no_problem()
    {
        await using var api = await StartAsync(IntrospectionUse.OpaqueTokens);
        Answer(api, answer => answer["entitlements"] = new JsonArray([.. Enumerable.Range(0, 10_000).Select(number => (JsonNode)$"posts.permission-{number}"), "posts.delete"]));

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/delete", Opaque)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/delete-all", Opaque)).StatusCode);
    }

    private static Task<ProtectedApi> StartAsync(
        IntrospectionUse use, Action<ResourceServerOptions>? configure = null, Action<AttributePolicyBuilder>? policy = null) => ProtectedApi.StartAsync(
        options =>
        {
            options.Introspection.Use = use;
            options.Introspection.ClientId = "api one";
            options.Introspection.ClientSecret = "s:cret%";
            configure?.Invoke(options);
        },
        policy);

    private static void Answer(ProtectedApi api, Action<JsonObject>? change = null)
    {
        var answer = Good(api);
        change?.Invoke(answer);
        foreach (var nothing in answer.Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            answer.Remove(nothing);
        }

        var body = answer.ToJsonString();
        api.Provider.Introspect = _ => Task.FromResult(StandInProvider.Json(body));
    }

    private static JsonObject Good(ProtectedApi api) => new()
    {
        ["active"] = true,
        ["iss"] = TokenMint.Issuer,
        ["aud"] = new JsonArray("https://other.example.com", TokenMint.Audience),
        ["sub"] = "alice",
        ["client_id"] = "app",
        ["token_type"] = "Bearer",
        ["scope"] = "openid notes.read",
        ["exp"] = api.Clock.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds(),
    };

    private static void AssertInvalid(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private static async Task AssertUnavailableAsync(ProtectedApi api)
    {
        var response = await api.GetAsync("/notes", Opaque);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.Equal(0, api.Handled);
        Assert.Contains(api.Log.Entries, entry => entry.Category.StartsWith("IdentityProvider.ResourceServer", StringComparison.Ordinal));
        Assert.DoesNotContain(api.Log.Entries, entry => entry.Text.Contains(Opaque, StringComparison.Ordinal) || entry.Text.Contains("s:cret%", StringComparison.Ordinal));
    }
}
