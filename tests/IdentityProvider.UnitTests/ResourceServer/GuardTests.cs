using System.Net;
using System.Text.Json;

namespace IdentityProvider.UnitTests.ResourceServer;

public sealed class GuardTests
{
    public static TheoryData<string> DeletionPaths => ["/delete", "/delete-attribute", "/delete-policy", "/group/delete"];

    public static TheoryData<string> EditorPaths => ["/editors", "/editors-attribute", "/editors-aspnet"];

    [Theory, MemberData(nameof(DeletionPaths))]
    public async Task Whoever_has_the_permission_is_let_through(string path)
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync(path, api.Mint.TokenWith("entitlements", new[] { "posts.create", "posts.delete" }));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory, MemberData(nameof(DeletionPaths))] // RFC 6750 §3.1 has no error code for permissions: a problem document names it.
    public async Task Whoever_lacks_it_gets_403_and_its_name_before_the_handler_runs(string path)
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync(path, api.Mint.TokenWith("entitlements", new[] { "posts.create", "posts.deleted", "Posts.Delete", "posts.delete " }));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.Equal(["posts.delete"], await RequiredAsync(response, "required_permissions"));
        Assert.Equal(0, api.Handled);
    }

    [Theory, MemberData(nameof(DeletionPaths))]
    public async Task Without_a_token_a_guard_says_401_and_no_error(string path)
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync(path);

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (response.StatusCode, response.Headers.WwwAuthenticate.ToString()));
        Assert.Equal(0, api.Handled);
    }

    [Theory, MemberData(nameof(DeletionPaths))]
    public async Task With_a_token_that_is_no_good_a_guard_says_401_invalid_token(string path)
    {
        await using var api = await ProtectedApi.StartAsync();
        var token = api.Mint.TokenWith("entitlements", new[] { "posts.delete" });
        api.Clock.Advance(TimeSpan.FromHours(1));

        var response = await api.GetAsync(path, token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, api.Handled);
    }

    [Fact]
    public async Task All_permissions_named_are_needed()
    {
        await using var api = await ProtectedApi.StartAsync();

        var one = await api.GetAsync("/delete-all", api.Mint.TokenWith("entitlements", new[] { "posts.delete" }));
        var both = await api.GetAsync("/delete-all", api.Mint.TokenWith("entitlements", new[] { "posts.purge", "posts.delete" }));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (one.StatusCode, both.StatusCode));
        Assert.Equal(["posts.delete", "posts.purge"], await RequiredAsync(one, "required_permissions"));
    }

    [Theory, MemberData(nameof(EditorPaths))]
    public async Task One_role_is_enough(string path)
    {
        await using var api = await ProtectedApi.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync(path, api.Mint.TokenWith("roles", new[] { "reader", "chief" }))).StatusCode);
    }

    [Theory, MemberData(nameof(EditorPaths))]
    public async Task Without_a_role_the_answer_is_403_and_names_them(string path)
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync(path, api.Mint.TokenWith("roles", new[] { "reader", "Editor" }));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.Equal(["editor", "chief"], await RequiredAsync(response, "required_roles"));
        Assert.Equal(0, api.Handled);
    }

    [Fact] // A permission is not a role, a role not a scope.
    public async Task Names_count_only_where_they_belong()
    {
        await using var api = await ProtectedApi.StartAsync();
        var names = new[] { "posts.delete", "editor", "notes.read" };

        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/delete", api.Mint.TokenWith("roles", names))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/delete", api.Mint.TokenWith("Entitlements", names))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/delete", api.Mint.TokenWith("scope", "posts.delete"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/editors", api.Mint.TokenWith("groups", names))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/edit", api.Mint.TokenWith("entitlements", new[] { "notes.edit" }))).StatusCode);
    }

    public static TheoryData<string> Malformed =>
    [
        "\"posts.delete\"", "\"posts.delete editor\"", "{\"posts.delete\":true}", "null", "true", "[1,\"posts.delete\",\"editor\"]",
        "[null,\"posts.delete\",\"editor\"]", "[[\"posts.delete\",\"editor\"]]", "[{\"value\":\"posts.delete\"}]", "[\"posts.delete editor\"]", "[]",
    ];

    [Theory, MemberData(nameof(Malformed))] // RFC 9068 §2.2.3.1: arrays of strings.
    public async Task What_is_no_array_of_strings_grants_nothing_and_breaks_nothing(string json)
    {
        await using var api = await ProtectedApi.StartAsync();
        using var value = JsonDocument.Parse(json);

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/me", api.Mint.TokenWith("entitlements", value.RootElement))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/delete", api.Mint.TokenWith("entitlements", value.RootElement))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/editors", api.Mint.TokenWith("roles", value.RootElement))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/editors-aspnet", api.Mint.TokenWith("roles", value.RootElement))).StatusCode);
    }

    [Fact]
    public async Task Ten_thousand_permissions_are_no_problem()
    {
        await using var api = await ProtectedApi.StartAsync();
        var many = Enumerable.Range(0, 10_000).Select(number => $"posts.{number}").ToArray();

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/delete", api.Mint.TokenWith("entitlements", many.Append("posts.delete").ToArray()))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/delete", api.Mint.TokenWith("entitlements", many))).StatusCode);
    }

    private static async Task<string[]> RequiredAsync(HttpResponseMessage response, string member)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(403, problem.RootElement.GetProperty("status").GetInt32());
        return [.. problem.RootElement.GetProperty(member).EnumerateArray().Select(value => value.GetString()!)];
    }
}
