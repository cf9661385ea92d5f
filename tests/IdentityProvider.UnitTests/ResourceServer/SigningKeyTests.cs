using System.Net;
using System.Net.Http.Headers;

namespace IdentityProvider.UnitTests.ResourceServer;

public sealed class SigningKeyTests
{
    private static readonly TimeSpan aMoment = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_key_the_provider_brings_in_is_found_at_once_and_a_stranger_causes_no_storm_of_lookups()
    {
        await using var api = await ProtectedApi.StartAsync();
        using var second = new TokenMint(api.Clock);
        using var stranger = new TokenMint(api.Clock);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, api.Mint));

        api.Provider.Signer = second;

        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, second));
        var lookups = api.Provider.Lookups;
        for (var attempt = 0; attempt < 20; attempt++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(api, stranger));
        }

        Assert.InRange(api.Provider.Lookups - lookups, 0, 1);
    }

    [Fact] // The library's own keeper of keys went on to trust a removed key for an hour, as part of its last known good set.
    public async Task A_removed_key_verifies_nothing_after_five_minutes()
    {
        await using var api = await ProtectedApi.StartAsync();
        using var second = new TokenMint(api.Clock);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, api.Mint));

        api.Provider.Signer = second;
        api.Clock.Advance(TimeSpan.FromMinutes(5) - aMoment);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, api.Mint));

        api.Clock.Advance(aMoment);
        AssertInvalid(await api.GetAsync("/me", api.Mint.Token()));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, second));
    }

    [Fact]
    public async Task A_key_removed_an_hour_ago_verifies_nothing_though_nobody_called_meanwhile()
    {
        await using var api = await ProtectedApi.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, api.Mint));
        using var second = new TokenMint(api.Clock);
        api.Provider.Signer = second;

        api.Clock.Advance(TimeSpan.FromHours(1));

        AssertInvalid(await api.GetAsync("/me", api.Mint.Token()));
    }

    [Fact]
    public async Task A_removed_key_is_dropped_as_soon_as_a_new_one_is_looked_up()
    {
        await using var api = await ProtectedApi.StartAsync();
        using var second = new TokenMint(api.Clock);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, api.Mint));
        api.Provider.Signer = second;

        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, second));

        AssertInvalid(await api.GetAsync("/me", api.Mint.Token()));
    }

    [Fact]
    public async Task While_the_provider_is_down_the_last_keys_are_good_for_an_hour_and_then_nothing_is()
    {
        await using var api = await ProtectedApi.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, api.Mint));
        api.Provider.IsDown = true;

        api.Clock.Advance(TimeSpan.FromHours(1) - aMoment);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, api.Mint));

        api.Clock.Advance(aMoment);
        AssertUnavailable(await api.GetAsync("/me", api.Mint.Token()));

        api.Provider.IsDown = false;
        api.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, api.Mint));
    }

    [Fact]
    public async Task While_one_caller_waits_for_a_provider_that_hangs_the_others_go_on()
    {
        await using var api = await ProtectedApi.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, api.Mint));
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        api.Provider.Hangs = answer.Task;
        api.Clock.Advance(TimeSpan.FromMinutes(5));

        var waiting = CallAsync(api, api.Mint);
        await api.Provider.IsAsked.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(api, api.Mint));
        Assert.False(waiting.IsCompleted);

        answer.SetResult();
        Assert.Equal(HttpStatusCode.OK, await waiting);
    }

    [Fact] // 401 would send everybody to get a new token.
    public async Task An_API_that_never_reached_its_provider_says_503_and_no_open_endpoint_suffers()
    {
        await using var api = await ProtectedApi.StartAsync();
        api.Provider.IsDown = true;

        AssertUnavailable(await api.GetAsync("/me", api.Mint.Token()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.GetAsync("/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/open", api.Mint.Token())).StatusCode);
    }

    [Fact] // OpenID Connect Discovery §4.3
    public async Task Keys_of_a_document_that_names_another_issuer_are_not_used()
    {
        await using var api = await ProtectedApi.StartAsync();
        api.Provider.Issuer = TokenMint.Issuer + "/";

        AssertUnavailable(await api.GetAsync("/me", api.Mint.Token()));
    }

    [Fact]
    public async Task A_provider_without_keys_means_no_token_is_good()
    {
        await using var api = await ProtectedApi.StartAsync();
        api.Provider.Signer = null;

        AssertInvalid(await api.GetAsync("/me", api.Mint.Token()));
    }

    private static async Task<HttpStatusCode> CallAsync(ProtectedApi api, TokenMint mint) => (await api.GetAsync("/me", mint.Token())).StatusCode;

    private static void AssertInvalid(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private static void AssertUnavailable(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(new RetryConditionHeaderValue(TimeSpan.FromSeconds(5)), response.Headers.RetryAfter);
        Assert.Empty(response.Headers.WwwAuthenticate);
    }
}
