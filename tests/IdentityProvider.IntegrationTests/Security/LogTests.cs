using System.Net;
using System.Net.Sockets;
using System.Text;
using IdentityProvider.IntegrationTests.Authorize;
using IdentityProvider.IntegrationTests.ClientAuthentication;
using IdentityProvider.IntegrationTests.DeviceAuthorization;
using IdentityProvider.IntegrationTests.TokenExchange;

namespace IdentityProvider.IntegrationTests.Security;

/// <summary>What an operator's log must not hold: what opens a door, and what speaks to the terminal it is read on.</summary>
public class LogTests(SharedProviders providers, KeyServerProviders calling) : IClassFixture<KeyServerProviders>
{
    [Theory, OnEachDatabase] // RFC 8628 §5.2, RFC 9126 §7.1: whoever has the device code has the tokens
    public async Task No_code_and_no_token_is_logged(TestDatabase database)
    {
        var host = await providers.WithExchangesAsync(database);
        await providers.WithDevicesAsync(database);
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());
        var codes = (await host.Device().AskAsync()).OrFail();
        await browser.AllowAsync(codes["user_code"]);
        var tokens = (await host.Device().PollAsync(codes["device_code"])).OrFail();
        var (front, middle) = (host.Party("front"), host.Party("middle"));
        var pushed = await front.PushAsync(front.NewRequest());
        var own = await middle.OwnTokenAsync("second");
        var exchanged = (await middle.ExchangeTokenAsync(own, own)).OrFail();

        foreach (var secret in new[] { codes["device_code"], codes["user_code"], tokens.AccessToken, tokens.RefreshToken, pushed["request_uri"], own, exchanged.AccessToken })
        {
            Assert.DoesNotContain(host.Log.Entries, entry => entry.Text.Contains(secret, StringComparison.Ordinal));
        }
    }

    [Theory]
    [OnEachDatabase("HTTP/1.1 500 \u001b[31mred\u0007")]
    [OnEachDatabase("HTTP/1.1 200 OK\r\nX\u001b[31m: y")]
    public async Task A_clients_website_writes_no_control_characters(TestDatabase database, string head)
    {
        using var website = new TcpListener(IPAddress.Loopback, 0);
        website.Start();
        var host = await calling.OnAsync(database);
        var client = await host.NewPublisherAsync(new ClientKey(), $"http://{KeyServer.Host}:{((IPEndPoint)website.LocalEndpoint).Port}/jwks");
        var asking = client.ClientCredentialsAsync();
        using (var connection = await website.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        {
            var stream = connection.GetStream();
            _ = await stream.ReadAsync(new byte[4096], TestContext.Current.CancellationToken);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(head + "\r\nContent-Length: 0\r\n\r\n"), TestContext.Current.CancellationToken);
            (await asking).AssertRefused("could not be read");
        }

        var told = Assert.Single(host.Log.Entries, entry => entry.Text.StartsWith($"The keys of client {client.ClientId} could not be read", StringComparison.Ordinal));
        Assert.DoesNotContain(told.Text, char.IsControl);
    }
}
