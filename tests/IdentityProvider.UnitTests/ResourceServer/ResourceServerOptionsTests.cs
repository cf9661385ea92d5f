using IdentityProvider.ResourceServer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityProvider.UnitTests.ResourceServer;

public sealed class ResourceServerOptionsTests
{
    [Fact]
    public Task An_API_without_an_audience_does_not_start() =>
        AssertRefusedAsync(options => options.Audience = " ", "Audience");

    [Theory]
    [InlineData("")]
    [InlineData("id.example.com")]
    [InlineData("ftp://id.example.com")]
    public Task An_API_without_an_authority_does_not_start(string authority) =>
        AssertRefusedAsync(options => options.Authority = authority, "Authority");

    [Fact]
    public Task Keys_are_not_fetched_over_http_unless_that_was_allowed() =>
        AssertRefusedAsync(options => options.Authority = "http://id.example.com", "https");

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("es256")]
    public Task An_algorithm_that_proves_nothing_is_not_accepted_as_a_setting(string algorithm) =>
        AssertRefusedAsync(options => options.ValidAlgorithms.Add(algorithm), algorithm);

    [Fact]
    public Task An_hour_of_clock_skew_is_not_accepted_as_a_setting() =>
        AssertRefusedAsync(options => options.ClockSkew = TimeSpan.FromHours(1), "ClockSkew");

    [Fact]
    public Task Keys_are_not_kept_for_a_day() =>
        AssertRefusedAsync(options => options.KeySetLifetime = TimeSpan.FromDays(1), "KeySetLifetime");

    [Fact]
    public Task An_outage_does_not_end_before_keys_are_old() =>
        AssertRefusedAsync(options => options.KeySetLifetimeInOutage = TimeSpan.FromMinutes(1), "KeySetLifetimeInOutage");

    [Theory]
    [InlineData("", "secret")]
    [InlineData("api", "")]
    public Task Introspection_needs_a_client(string clientId, string secret) => AssertRefusedAsync(
        options =>
        {
            options.Introspection.Use = IntrospectionUse.OpaqueTokens;
            (options.Introspection.ClientId, options.Introspection.ClientSecret) = (clientId, secret);
        },
        "ClientId");

    [Fact]
    public Task An_answer_is_not_kept_for_an_hour() =>
        AssertRefusedAsync(options => options.Introspection.CacheDuration = TimeSpan.FromHours(1), "CacheDuration");

    [Theory]
    [InlineData()]
    [InlineData("two scopes")]
    [InlineData("quo\"te")]
    [InlineData("")]
    public void A_policy_needs_scopes_that_can_exist(params string[] scopes) =>
        Assert.Throws<ArgumentException>(() => new AuthorizationPolicyBuilder().RequireScope(scopes));

    private static async Task AssertRefusedAsync(Action<ResourceServerOptions> configure, string named)
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => ProtectedApi.StartAsync(configure));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }
}
