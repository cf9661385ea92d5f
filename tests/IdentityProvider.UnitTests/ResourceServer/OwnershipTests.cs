using System.Net;
using System.Security.Claims;
using System.Text.Json;
using IdentityProvider.ResourceServer;

namespace IdentityProvider.UnitTests.ResourceServer;

public sealed class OwnershipTests
{
    [Fact]
    public async Task The_owner_is_let_through_with_what_was_loaded()
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync("/posts/of-alice", api.Mint.Token());

        Assert.Equal("handled alice", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("of-bob", HttpStatusCode.Forbidden)]
    [InlineData("of-nobody", HttpStatusCode.Forbidden)]
    [InlineData("unknown", HttpStatusCode.NotFound)]
    public async Task Nobody_else_is(string post, HttpStatusCode expected)
    {
        await using var api = await ProtectedApi.StartAsync();

        Assert.Equal(expected, (await api.GetAsync("/posts/" + post, api.Mint.Token())).StatusCode);
        Assert.Equal(0, api.Handled);
    }

    [Theory]
    [InlineData("Alice")]
    [InlineData("alice ")]
    [InlineData("")]
    public async Task Subjects_are_compared_byte_for_byte_and_an_empty_one_owns_nothing(string subject)
    {
        await using var api = await ProtectedApi.StartAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/posts/of-alice", api.Mint.TokenWith("sub", subject))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/posts/of-nobody", api.Mint.TokenWith("sub", subject))).StatusCode);
    }

    [Fact]
    public async Task A_token_without_a_subject_owns_nothing()
    {
        await using var api = await ProtectedApi.StartAsync();
        var token = api.Mint.Token(token => token.Claims.Remove("sub"));

        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/posts/of-nobody", token)).StatusCode);
    }

    [Theory] // RFC 7519 §4.1.2. The library reads the number 7 as the text "7".
    [InlineData("7")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("""["alice"]""")]
    [InlineData("""{ "alice": "alice" }""")]
    public async Task A_token_whose_subject_is_no_string_is_no_good(string subject)
    {
        await using var api = await ProtectedApi.StartAsync();

        using var response = await api.GetAsync("/posts/of-7", api.Mint.TokenWith("sub", JsonDocument.Parse(subject).RootElement));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_subject_that_is_no_string_or_not_the_only_one_is_none()
    {
        static ClaimsPrincipal User(params Claim[] claims) => new(new ClaimsIdentity(claims, "test"));

        Assert.Equal("7", User(new Claim("sub", "7")).GetSubject());
        Assert.Null(User(new Claim("sub", "7", ClaimValueTypes.Integer64)).GetSubject());
        Assert.Null(User(new Claim("sub", "7"), new Claim("sub", "7")).GetSubject());
        Assert.Null(User(new Claim("SUB", "7")).GetSubject());
    }

    [Fact]
    public async Task An_API_that_hides_what_it_has_gives_one_answer_for_both()
    {
        await using var api = await ProtectedApi.StartAsync();

        var foreign = await api.GetAsync("/hidden/of-bob", api.Mint.Token());
        var unknown = await api.GetAsync("/hidden/unknown", api.Mint.Token());

        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal(await WithoutTraceAsync(unknown), await WithoutTraceAsync(foreign));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/hidden/of-alice", api.Mint.Token())).StatusCode);
    }

    [Theory]
    [InlineData("posts.edit-any", HttpStatusCode.OK)]
    [InlineData("posts.edit-all", HttpStatusCode.Forbidden)]
    public async Task A_permission_may_do_as_well(string permission, HttpStatusCode expected)
    {
        await using var api = await ProtectedApi.StartAsync();
        var token = api.Mint.TokenWith("entitlements", new[] { permission });

        Assert.Equal(expected, (await api.GetAsync("/edit/of-bob", token)).StatusCode);
        Assert.Equal(expected, (await api.GetAsync("/ask/of-bob", token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/ask/of-alice", token)).StatusCode);
    }

    [Fact]
    public async Task The_refusal_names_it()
    {
        await using var api = await ProtectedApi.StartAsync();

        var problem = await (await api.GetAsync("/edit/of-bob", api.Mint.Token())).Content.ReadAsStringAsync();

        Assert.Contains("\"required_permissions\":[\"posts.edit-any\"]", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_let_through_without_a_token_or_without_a_resource()
    {
        await using var api = await ProtectedApi.StartAsync();
        var all = api.Mint.TokenWith("entitlements", new[] { "posts.edit-any" });

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), await StatusAsync(api.GetAsync("/posts/of-alice")));
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), await StatusAsync(api.GetAsync("/posts/unknown")));
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.GetAsync("/ask/of-alice")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/ask/unknown", all)).StatusCode);
    }

    private static async Task<(HttpStatusCode, string)> StatusAsync(Task<HttpResponseMessage> call)
    {
        var response = await call;
        return (response.StatusCode, response.Headers.WwwAuthenticate.ToString());
    }

    private static async Task<string> WithoutTraceAsync(HttpResponseMessage response)
    {
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return string.Join(' ', problem.RootElement.EnumerateObject().Where(member => member.Name != "traceId").Select(member => member.ToString()));
    }
}
