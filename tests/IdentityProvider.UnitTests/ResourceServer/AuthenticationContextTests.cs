using System.Net;
using IdentityProvider.ResourceServer;
using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.UnitTests.ResourceServer;

/// <summary>RFC 9470.</summary>
public sealed class AuthenticationContextTests
{
    private const string Challenge = "Bearer error=\"insufficient_user_authentication\", error_description=\"A different authentication level is required\"";

    [Theory]
    [InlineData("/strong", "urn:strong")]
    [InlineData("/strong", "urn:stronger")]
    [InlineData("/strong-attribute", "urn:strong")]
    public async Task A_sign_in_that_is_strong_enough_is_let_through(string path, string acr)
    {
        await using var api = await ProtectedApi.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync(path, api.Mint.TokenWith("acr", acr))).StatusCode);
    }

    [Theory]
    [InlineData("/strong", "urn:weak")]
    [InlineData("/strong", "URN:STRONG")]
    [InlineData("/strong", "urn:strong urn:stronger")]
    [InlineData("/strong", "")]
    [InlineData("/strong", 1)]
    [InlineData("/strong-attribute", "urn:weak")]
    public async Task Another_is_a_401_that_says_how_to_sign_in(string path, object acr)
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync(path, api.Mint.TokenWith("acr", acr));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(Challenge + ", acr_values=\"urn:strong urn:stronger\"", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(0, api.Handled);
    }

    [Theory]
    [InlineData("/fresh")]
    [InlineData("/fresh-attribute")]
    public async Task A_sign_in_becomes_too_old(string path)
    {
        await using var api = await ProtectedApi.StartAsync();
        var token = api.Mint.TokenWith("auth_time", api.Clock.GetUtcNow().ToUnixTimeSeconds());

        api.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync(path, token)).StatusCode);

        api.Clock.Advance(TimeSpan.FromSeconds(1));
        var response = await api.GetAsync(path, token);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(Challenge + ", max_age=\"300\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("yesterday")]
    [InlineData("-5")]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(1.5)]
    public async Task A_time_that_makes_no_sense_is_not_fresh(object? time)
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync("/fresh", time is null ? api.Mint.Token() : api.Mint.TokenWith("auth_time", time));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData(30, HttpStatusCode.OK)]
    [InlineData(31, HttpStatusCode.Unauthorized)]
    public async Task A_sign_in_still_to_come_is_forgiven_as_far_as_clocks_may_differ(int seconds, HttpStatusCode expected)
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync("/fresh", api.Mint.TokenWith("auth_time", api.Clock.GetUtcNow().ToUnixTimeSeconds() + seconds));

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact] // RFC 9470 §3: the scope may be told with it, so that one authorization request brings all.
    public async Task A_missing_scope_is_told_in_the_same_challenge()
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync("/everything", api.Mint.Token());

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(Challenge + ", acr_values=\"urn:strong\", max_age=\"300\", scope=\"notes.write\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Nobody_is_sent_to_sign_in_again_who_lacks_a_permission_anyway()
    {
        await using var api = await ProtectedApi.StartAsync();

        var response = await api.GetAsync("/everything-and-permission", api.Mint.Token());

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"notes.write\"", response.Headers.WwwAuthenticate.ToString());
        Assert.Contains("posts.delete", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_there_is_no_error()
    {
        await using var api = await ProtectedApi.StartAsync();

        Assert.Equal("Bearer", (await api.GetAsync("/strong")).Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(int.MinValue)]
    public void An_age_that_none_can_have_is_no_way_to_say_any(int seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RequireAuthenticationContextAttribute("urn:strong") { MaxAgeSeconds = seconds });

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("quo\"te", null)]
    [InlineData("urn:strong", -1)]
    public void A_requirement_must_be_one(string? acr, int? seconds) => Assert.Throws<ArgumentException>(() =>
        new AuthorizationPolicyBuilder().RequireAuthenticationContext(acr, seconds is { } age ? TimeSpan.FromSeconds(age) : null));
}
