using System.Net;
using IdentityProvider.ResourceServer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.UnitTests.ResourceServer;

public sealed class AttributePolicyTests
{
    [Theory] // The clock of the test says 12:00 UTC on Tuesday, 1 January 2030.
    [InlineData("Europe/Berlin", 9, 17, HttpStatusCode.OK)]
    [InlineData("Europe/Berlin", 13, 17, HttpStatusCode.OK)]
    [InlineData("Europe/Berlin", 9, 13, HttpStatusCode.Forbidden)]
    [InlineData("America/New_York", 9, 17, HttpStatusCode.Forbidden)]
    [InlineData("America/New_York", 22, 8, HttpStatusCode.OK)]
    [InlineData("Asia/Tokyo", 22, 8, HttpStatusCode.Forbidden)]
    public async Task Working_hours_are_those_of_a_time_zone(string zone, int from, int until, HttpStatusCode expected) => await AssertAsync(
        policy => policy.RequireTime("working hours", zone, new TimeOnly(from, 0), new TimeOnly(until, 0), DayOfWeek.Tuesday), expected);

    [Theory]
    [InlineData("UTC", DayOfWeek.Tuesday, HttpStatusCode.OK)]
    [InlineData("UTC", DayOfWeek.Wednesday, HttpStatusCode.Forbidden)]
    [InlineData("Pacific/Kiritimati", DayOfWeek.Wednesday, HttpStatusCode.OK)]
    public async Task The_day_is_the_time_zones_day(string zone, DayOfWeek day, HttpStatusCode expected) => await AssertAsync(
        policy => policy.RequireTime("day", zone, TimeOnly.MinValue, TimeOnly.MaxValue, day), expected);

    [Fact]
    public async Task Summer_time_is_known()
    {
        await using var api = await ProtectedApi.StartAsync(
            policy: policy => policy.RequireTime("hour", "Europe/Berlin", new TimeOnly(13, 0), new TimeOnly(14, 0)));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/attributes", api.Mint.Token())).StatusCode);

        api.Clock.SetUtcNow(new DateTimeOffset(2030, 7, 1, 12, 0, 0, TimeSpan.Zero));
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/attributes", api.Mint.Token())).StatusCode);

        api.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/attributes", api.Mint.Token())).StatusCode);
    }

    [Theory]
    [InlineData("10.1.2.3", HttpStatusCode.OK)]
    [InlineData("::ffff:10.1.2.3", HttpStatusCode.OK)]
    [InlineData("11.1.2.3", HttpStatusCode.Forbidden)]
    [InlineData("2001:db8::7", HttpStatusCode.OK)]
    [InlineData("2001:db9::7", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.Forbidden)]
    public async Task A_network_is_an_address_range(string? caller, HttpStatusCode expected) => await AssertAsync(
        policy => policy.RequireNetwork("office", "10.0.0.0/8", "2001:db8::/32"), expected, caller: caller);

    [Theory]
    [InlineData("EU", HttpStatusCode.OK)]
    [InlineData("eu", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.Forbidden)]
    public async Task A_region_is_where_the_API_runs(string? region, HttpStatusCode expected) => await AssertAsync(
        policy => policy.RequireRegion("region", "EU", "EEA"), expected, options => options.Region = region);

    [Fact]
    public async Task Assurance_is_how_and_when_the_person_signed_in()
    {
        await using var api = await ProtectedApi.StartAsync(policy: policy => policy.RequireAssurance("assurance", "urn:strong", TimeSpan.FromMinutes(5)));
        var token = api.Mint.Token(token =>
        {
            token.Claims["acr"] = "urn:strong";
            token.Claims["auth_time"] = api.Clock.GetUtcNow().ToUnixTimeSeconds();
        });

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/attributes", token)).StatusCode);
        api.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/attributes", token)).StatusCode);
    }

    [Fact]
    public async Task Rules_look_at_subject_action_resource_and_environment()
    {
        await using var api = await ProtectedApi.StartAsync(
            options => options.Region = "EU",
            policy => policy
                .RequireAction("publish", "publish")
                .Require<Post>("data stays in its region", (post, facts) => post.Region == facts.Environment.Region)
                .Require("subject", facts => facts.Subject is { Id: "alice", ClientId: "app" } && facts.Subject.HasScope("notes.read")
                    && facts.Subject.Claims("jti").Single() == "1" && !facts.Subject.HasRole("editor") && !facts.Subject.HasPermission("x")));

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/publish/of-alice", api.Mint.TokenWithGrants())).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/publish/of-bob", api.Mint.TokenWithGrants())).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/publish/unknown", api.Mint.TokenWithGrants())).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/publish/of-alice", api.Mint.TokenWithGrants(claims => claims["sub"] = "bob"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/attributes", api.Mint.Token())).StatusCode);
    }

    [Fact]
    public async Task The_log_says_which_rule_refused_and_the_caller_is_not_told()
    {
        await using var api = await ProtectedApi.StartAsync(policy: policy => policy.Require("is allowed", _ => true).Require("secret rule", _ => false));

        var response = await api.GetAsync("/attributes", api.Mint.Token());

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.DoesNotContain("secret rule", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(api.Log.Entries, entry => entry.Level == LogLevel.Information && entry.Text == "Attribute policy attributes: rule secret rule refused alice.");
        Assert.DoesNotContain(api.Log.Entries, entry => entry.Text.Contains("is allowed refused", StringComparison.Ordinal));
    }

    public static TheoryData<string> Faults => ["divides by zero", "null", "cancelled", "own"];

    [Theory, MemberData(nameof(Faults))]
    public async Task A_rule_that_throws_refuses_and_is_logged_as_an_error(string fault)
    {
        var zero = 0;
        string? nothing = null;
        await using var api = await ProtectedApi.StartAsync(policy: policy => policy.Require("broken", _ => fault switch
        {
            "divides by zero" => 1 / zero > 0,
            "null" => nothing!.Length >= 0,
            "cancelled" => throw new OperationCanceledException(),
            _ => throw new InvalidOperationException("Own fault."),
        }));

        var response = await api.GetAsync("/attributes", api.Mint.Token());

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains(api.Log.Errors, entry => entry.Text.StartsWith("Attribute policy attributes: rule broken failed", StringComparison.Ordinal));
        Assert.Equal(0, api.Handled);
    }

    public static TheoryData<string> Negations => ["roles", "groups", "entitlements", "one claim of roles"];

    [Theory, MemberData(nameof(Negations))] // The caller chooses the audiences of a token, and so whether it says these.
    public async Task A_rule_that_refuses_by_what_the_token_does_not_say_refuses(string name)
    {
        await using var api = await ProtectedApi.StartAsync(policy: policy => policy.Require("none of those", facts => name switch
        {
            "roles" => !facts.Subject.HasRole("freelancer"),
            "groups" => !facts.Subject.Claims("groups").Contains("freelancer"),
            "entitlements" => !facts.Subject.HasPermission("freelancer"),
            _ => facts.Subject.Claim("roles") is null,
        }));
        var claim = name.Split(' ')[^1];

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/attributes", api.Mint.TokenWithGrants())).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/attributes", api.Mint.TokenWithGrants(claims => claims[claim] = new[] { "freelancer" }))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/attributes", api.Mint.TokenWithGrants(claims => claims[claim] = "freelancer"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/attributes", api.Mint.TokenWithGrants(claims => claims.Remove(claim)))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.GetAsync("/attributes", api.Mint.Token())).StatusCode);
    }

    [Fact]
    public async Task Without_a_token_the_answer_is_401()
    {
        await using var api = await ProtectedApi.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await api.GetAsync("/attributes")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/attributes", api.Mint.Token())).StatusCode);
    }

    [Fact]
    public void A_policy_that_cannot_be_meant_is_refused_when_it_is_made()
    {
        static void Add(Action<AttributePolicyBuilder> build) => new AuthorizationOptions().AddAttributePolicy("policy", build);

        Assert.Throws<ArgumentException>(() => Add(_ => { }));
        Assert.Throws<ArgumentException>(() => Add(policy => policy.Require(" ", _ => true)));
        Assert.Throws<ArgumentException>(() => Add(policy => policy.Require("same", _ => true).Require("same", _ => true)));
        Assert.Throws<ArgumentException>(() => Add(policy => policy.RequireTime("time", "UTC", TimeOnly.MinValue, TimeOnly.MinValue)));
        Assert.Throws<TimeZoneNotFoundException>(() => Add(policy => policy.RequireTime("time", "Europe/Atlantis", TimeOnly.MinValue, TimeOnly.MaxValue)));
        Assert.Throws<FormatException>(() => Add(policy => policy.RequireNetwork("network", "10.0.0.0/99")));
        Assert.Throws<ArgumentException>(() => Add(policy => policy.RequireAssurance("assurance")));
    }

    private static async Task AssertAsync(
        Action<AttributePolicyBuilder> policy, HttpStatusCode expected, Action<ResourceServerOptions>? configure = null, string? caller = null)
    {
        await using var api = await ProtectedApi.StartAsync(configure, policy, caller is null ? null : IPAddress.Parse(caller));

        Assert.Equal(expected, (await api.GetAsync("/attributes", api.Mint.Token())).StatusCode);
    }
}
