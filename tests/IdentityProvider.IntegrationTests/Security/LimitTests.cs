using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using IdentityProvider.Testing;
using Xunit;

namespace IdentityProvider.IntegrationTests.Security;

/// <summary>Requests that are too much: too long, too many parts, too slow. They are refused as such, and others are answered meanwhile.</summary>
public class LimitTests(SharedProviders providers)
{
    private static readonly string[] endpoints =
        ["connect/authorize", "connect/token", "connect/par", "connect/userinfo", "connect/introspect", "connect/revoke", "connect/device", "access/v1/evaluation", "connect/logout", "login", "device"];

    [Theory, OnEachDatabase] // PR18: RFC 9126 §2.3
    public async Task A_body_over_the_limit_is_too_large_wherever_it_is_sent(TestDatabase database)
    {
        var provider = await providers.OnAsync(database);

        foreach (var endpoint in endpoints)
        {
            using var body = new FormUrlEncodedContent([new("client_id", "shop"), new("state", new string('x', 3_000_000))]);
            using var response = await provider.Http.PostAsync(endpoint, body);

            Assert.True(response.StatusCode == HttpStatusCode.RequestEntityTooLarge, $"{endpoint}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task A_body_whose_length_nobody_told_is_cut_off_at_the_same_limit()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var request = new HttpRequestMessage(HttpMethod.Post, "connect/token") { Content = new StringContent("a=" + new string('x', 1_000_000)) };
        request.Content.Headers.ContentType = new("application/x-www-form-urlencoded");
        request.Headers.TransferEncodingChunked = true;

        using var response = await provider.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task A_form_with_thousands_of_members_is_refused()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        using var body = new FormUrlEncodedContent(Enumerable.Range(0, 5_000).Select(number => KeyValuePair.Create($"p{number}", "x")));

        using var response = await provider.Http.PostAsync("connect/token", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_megabyte_of_headers_is_refused()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);

        var answer = await TalkAsync(provider, async connection =>
        {
            await WriteAsync(connection, "GET /connect/userinfo HTTP/1.1\r\nHost: localhost\r\n");
            for (var sent = 0; sent < 1_000_000; sent += 10_000)
            {
                await WriteAsync(connection, $"X-{sent}: {new string('h', 9_980)}\r\n");
            }

            await WriteAsync(connection, "\r\n");
        });

        Assert.StartsWith("HTTP/1.1 431", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_a_megabyte_is_refused()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);

        var answer = await TalkAsync(provider, connection =>
            WriteAsync(connection, $"GET /connect/authorize?state={new string('s', 1_000_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n"));

        Assert.StartsWith("HTTP/1.1 414", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_trickles_is_given_up_and_holds_up_nobody()
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);
        var slow = TalkAsync(provider, async connection =>
        {
            await WriteAsync(connection,
                "POST /connect/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000\r\n\r\n");
            using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
            var began = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(40) && await beat.WaitForNextTickAsync())
            {
                await WriteAsync(connection, "a");
            }
        });

        var others = provider.RelyingParty(StandardDeclaration.Machine);
        while (!slow.IsCompleted)
        {
            (await others.ClientCredentialsAsync("orders")).OrFail();
            await Task.WhenAny(slow, Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System));
        }

        // Refused in words, or hung up on: either way it is over long before the body would have been.
        Assert.True((await slow) is "" || (await slow).StartsWith("HTTP/1.1 408", StringComparison.Ordinal), await slow);
    }

    [Theory]
    [InlineData("GET /connect/authorize?client_id=a b HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /connect/userinfo HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \0\r\n\r\n")]
    [InlineData("POST /connect/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /connect/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\na=b&c")]
    [InlineData("GET http://evil.example/connect/token HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    public async Task What_is_hardly_HTTP_gets_no_more_than_a_refusal(string request)
    {
        var provider = await providers.OnAsync(TestDatabase.Sqlite);

        var answer = await TalkAsync(provider, connection => WriteAsync(connection, request));

        Assert.Matches("^(HTTP/1.1 4[0-9][0-9]|$)", answer);
    }

    private static async Task WriteAsync(NetworkStream connection, string text) => await connection.WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Speaks to the server byte by byte and returns what it answers until it is silent or gone.</summary>
    private static async Task<string> TalkAsync(ProviderHost provider, Func<NetworkStream, Task> say)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(provider.Issuer).Port);
        await using var connection = client.GetStream();
        try
        {
            await say(connection);
        }
        catch (IOException)
        {
            // It hung up while we were still talking.
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        var buffer = new byte[4_096];
        try
        {
            return Encoding.Latin1.GetString(buffer, 0, await connection.ReadAsync(buffer, limit.Token));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
