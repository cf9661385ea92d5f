using System.Net;
using IdentityProvider.Protocol;

namespace IdentityProvider.IntegrationTests.ClientAuthentication;

/// <summary>A <c>jwks_uri</c> is an address that a client chose: it must not reach what only this server can reach.</summary>
public sealed class PrivateAddressTests(SharedProviders providers)
{
    [Theory]
    [OnEachDatabase("127.0.0.1"), OnEachDatabase("127.1"), OnEachDatabase("2130706433"), OnEachDatabase("0x7f000001"), OnEachDatabase("0177.0.0.1")]
    [OnEachDatabase("0.0.0.0"), OnEachDatabase("[::ffff:127.0.0.1]"), OnEachDatabase("[::ffff:7f00:1]"), OnEachDatabase("[::127.0.0.1]"), OnEachDatabase("[::1]")]
    [OnEachDatabase("localhost"), OnEachDatabase("localhost."), OnEachDatabase("LOCALHOST"), OnEachDatabase("keys.localhost")]
    public async Task Keys_on_this_machine_are_not_read_by_whatever_name(TestDatabase database, string name)
    {
        await using var website = await KeyServer.StartAsync();
        var key = new ClientKey();
        website.Publish(key);
        var client = await (await providers.OnAsync(database)).NewPublisherAsync(key, website.Address(name));

        (await client.ClientCredentialsAsync()).AssertRefused("The jwks_uri of this client could not be read.");

        Assert.Equal(0, website.Requests);
    }

    [Theory]
    [OnEachDatabase("169.254.169.254"), OnEachDatabase("[::ffff:169.254.169.254]"), OnEachDatabase("2852039166"), OnEachDatabase("[fe80::1]")]
    [OnEachDatabase("10.0.0.1"), OnEachDatabase("192.168.0.1"), OnEachDatabase("172.16.0.1"), OnEachDatabase("100.64.0.1"), OnEachDatabase("[fd00::1]"), OnEachDatabase("[64:ff9b::a00:1]")]
    public async Task Nor_keys_in_the_network_around_it(TestDatabase database, string address)
    {
        var host = await providers.OnAsync(database);
        var client = await host.NewPublisherAsync(new ClientKey(), $"http://{address}/{Wire.RandomText(6)}");

        var before = TimeProvider.System.GetTimestamp();
        (await client.ClientCredentialsAsync()).AssertRefused("The jwks_uri of this client could not be read.");

        // Refused, not tried.
        Assert.True(TimeProvider.System.GetElapsedTime(before) < TimeSpan.FromSeconds(4));
        Assert.Contains(host.Log.Entries, entry => entry.Text.Contains(client.ClientId, StringComparison.Ordinal)
            && entry.Text.Contains("has no public address", StringComparison.Ordinal));
    }

    [Theory, OnEachDatabase] // A name of somebody's own in front of a private address; the address that was judged is the one that is called.
    public async Task A_name_is_judged_by_where_it_leads(TestDatabase database)
    {
        var name = Dns.GetHostName();
        var addresses = await Dns.GetHostAddressesAsync(name);
        Assert.SkipWhen(addresses.Length == 0 || addresses.Any(PublicAddresses.Contains), "This machine's name leads to no private address.");
        var host = await providers.OnAsync(database);
        var client = await host.NewPublisherAsync(new ClientKey(), $"http://{name}/{Wire.RandomText(6)}");

        (await client.ClientCredentialsAsync()).AssertRefused("The jwks_uri of this client could not be read.");

        Assert.Contains(host.Log.Entries, entry => entry.Text.Contains(client.ClientId, StringComparison.Ordinal)
            && entry.Text.Contains("has no public address", StringComparison.Ordinal));
    }

    [Theory, OnEachDatabase]
    public async Task The_operator_opens_a_host_by_its_name_and_no_other(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings
        {
            Database = database,
            Configuration = new Dictionary<string, string?> { [OutgoingRequestsOptions.Section + ":AllowedPrivateHosts"] = "localhost" },
        });
        await using var website = await KeyServer.StartAsync();
        var key = new ClientKey();
        website.Publish(key);

        Assert.Equal(HttpStatusCode.OK, (await (await host.NewPublisherAsync(key, website.Address("localhost"))).ClientCredentialsAsync()).Status);
        (await (await host.NewPublisherAsync(key, website.Address("127.0.0.1"))).ClientCredentialsAsync()).AssertRefused("could not be read");
    }
}
