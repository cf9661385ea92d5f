using System.Net;
using Xunit;

namespace IdentityProvider.UnitTests.ResourceServer;

public sealed class ScopeTests
{
    [Theory]
    [InlineData("/notes")]
    [InlineData("/attribute")]
    public async Task A_token_with_the_scope_is_let_through(string path)
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync(path, api.Mint.Token(token => token.Claims["scope"] = "openid notes.read profile"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory] // RFC 6750 §3.1
    [InlineData("/notes", "openid", "notes.read")]
    [InlineData("/notes", "notes.reading", "notes.read")]
    [InlineData("/notes", "Notes.Read", "notes.read")]
    [InlineData("/notes", "", "notes.read")]
    [InlineData("/attribute", "openid", "notes.read")]
    [InlineData("/edit", "notes.read", "notes.edit")]
    [InlineData("/both", "notes.read", "notes.read notes.write")]
    public async Task A_token_without_it_is_refused_and_told_what_is_needed(string path, string scope, string needed)
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync(path, api.Mint.Token(token => token.Claims["scope"] = scope));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal($"Bearer error=\"insufficient_scope\", scope=\"{needed}\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory] // RFC 6750 §3: no error code when there was no authentication information.
    [InlineData("/me")]
    [InlineData("/notes")]
    [InlineData("/edit")]
    public async Task Without_a_token_the_answer_names_the_scheme_and_no_error(string path)
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact] // RFC 6750 §2.3: a token in an address ends up in logs and histories.
    public async Task A_token_in_the_query_is_not_looked_at()
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync("/me?access_token=" + api.Mint.Token());

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task An_endpoint_that_asks_for_nothing_stays_open()
    {
        await using var api = await ProtectedApi.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/open")).StatusCode);
    }
}
