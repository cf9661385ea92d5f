using IdentityProvider.Protocol;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityProvider.IntegrationTests.Federation;

/// <summary>What this server may call.</summary>
public class OutgoingGuardTests(SharedProviders providers)
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task A_private_address_is_not_called_unless_its_host_was_named(string host)
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        var url = new UriBuilder(provider.Issuer) { Host = host, Path = "/health/live" }.Uri;

        using var closed = new HttpClient(Guard().NewHandler());
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => closed.GetAsync(url));
        Assert.Contains("AllowedPrivateHosts", refused.Message, StringComparison.Ordinal);

        using var open = new HttpClient(Guard(host.Trim('[', ']')).NewHandler());
        Assert.True((await open.GetAsync(url)).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var client = new HttpClient(Guard("localhost").NewHandler());

        var answer = await client.GetAsync(new Uri(provider.Issuer + "/account"));

        Assert.Equal(System.Net.HttpStatusCode.SeeOther, answer.StatusCode);
    }

    private static OutgoingGuard Guard(params string[] allowed)
    {
        var options = new OutgoingRequestsOptions();
        options.AllowedPrivateHosts.AddRange(allowed);
        return new OutgoingGuard(Options.Create(options));
    }
}
