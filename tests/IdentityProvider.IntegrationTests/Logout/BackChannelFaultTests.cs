using System.Net;
using System.Net.Sockets;
using IdentityProvider.Audit;
using IdentityProvider.IntegrationTests.Declarations;
using IdentityProvider.Logout;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using static IdentityProvider.IntegrationTests.Logout.LoggedOutApps;

namespace IdentityProvider.IntegrationTests.Logout;

/// <summary>Apps that do not answer as they should hold up nobody, are tried again, and everything is on record.</summary>
public sealed class BackChannelFaultTests(LogoutProviders providers) : IClassFixture<LogoutProviders>
{
    [Theory] // BC8: §2.8
    [OnEachDatabase("500", nameof(LogoutOutcome.Failed)), OnEachDatabase("404", nameof(LogoutOutcome.Failed)), OnEachDatabase("400", nameof(LogoutOutcome.Refused))]
    [OnEachDatabase("redirect", nameof(LogoutOutcome.Redirected)), OnEachDatabase("reset", nameof(LogoutOutcome.Unreachable))]
    [OnEachDatabase("private", nameof(LogoutOutcome.Unreachable))]
    [OnEachDatabase("certificate", nameof(LogoutOutcome.Unreachable))] // BC6: the certificate is verified; below TLS 1.2 nothing is spoken
    public async Task A_logout_goes_on_whatever_an_app_answers(TestDatabase database, string fault, string expected)
    {
        var host = await providers.OnAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        await using var untrusted = await LogoutReceiver.StartAsync(tls: true);
        var good = await host.NewAppAsync(receiver);
        var bad = fault switch
        {
            "private" => await host.NewAppAsync(receiver, calledBy: "localhost"),
            "certificate" => await host.NewAppAsync(untrusted),
            _ => await host.NewAppAsync(receiver),
        };
        receiver.Answer(bad.ClientId, context =>
        {
            switch (fault)
            {
                case "redirect":
                    context.Response.Redirect("/elsewhere");
                    break;
                case "reset":
                    context.Abort();
                    break;
                default:
                    context.Response.StatusCode = int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture);
                    break;
            }

            return Task.CompletedTask;
        });

        var (page, elapsed) = await SignInAndOutAsync(host, good, bad);

        Assert.True(elapsed < TimeSpan.FromSeconds(3), $"It took {elapsed}.");
        Assert.Equal("Signed out of 1 of 2 apps.", page.TextOf("receipt"));
        Assert.Contains($"Name of {bad.ClientId} has not answered yet", page.Text, StringComparison.Ordinal);
        Assert.Single(receiver.Of(good.ClientId));
        Assert.Empty(receiver.Of("elsewhere"));
        Assert.Empty(untrusted.Of(bad.ClientId));
        var attempt = Assert.Single(await host.DeliveriesAsync(bad.ClientId)).ReadAttempts()[0];
        Assert.Equal(expected, attempt.Outcome.ToString());
        if (fault == "private")
        {
            Assert.Empty(receiver.Of(bad.ClientId));
            Assert.Contains("has no public address", attempt.Note, StringComparison.Ordinal);
        }
    }

    [Theory] // BC8
    [OnEachDatabase("hang"), OnEachDatabase("drip")]
    public async Task An_app_that_hangs_delays_the_person_by_two_seconds_at_most_and_no_other_app(TestDatabase database, string fault)
    {
        var host = await providers.OnAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        using var dripping = new DrippingServer();
        var (good, bad) = (await host.NewAppAsync(receiver), await host.NewAppAsync(receiver));
        if (fault == "drip")
        {
            bad = await host.DeclareAppAsync(bad.ClientId, dripping.Address);
        }

        receiver.Answer(bad.ClientId, context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));

        var (page, elapsed) = await SignInAndOutAsync(host, bad, good);

        Assert.InRange(elapsed, TimeSpan.FromSeconds(1.8), TimeSpan.FromSeconds(3));
        Assert.Equal("Signed out of 1 of 2 apps.", page.TextOf("receipt"));
        Assert.Single(receiver.Of(good.ClientId));
        await Eventually.TrueAsync(async () => (await host.DeliveriesAsync(bad.ClientId)).Single().ReadAttempts() is [{ Outcome: LogoutOutcome.TimedOut, Milliseconds: > 4000 and < 8000 }, ..]);
    }

    [Theory, OnEachDatabase] // BC8: nothing of an answer is read but its status
    public async Task An_answer_without_end_is_not_read(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var app = await host.NewAppAsync(receiver);
        var hungUp = new TaskCompletionSource();
        receiver.Answer(app.ClientId, async context =>
        {
            context.RequestAborted.Register(hungUp.SetResult);
            var block = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block);
                await Task.Yield();
            }
        });

        var (page, _) = await SignInAndOutAsync(host, app);

        Assert.Equal("Signed out of 1 app. You can close this page now.", page.TextOf("receipt"));
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Theory, OnEachDatabase] // BC8
    public async Task An_app_that_comes_back_is_told_and_the_page_says_so(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var app = await host.NewAppAsync(receiver);
        receiver.Answer(app.ClientId, StatusCodes.Status503ServiceUnavailable);
        using var browser = host.NewBrowser();
        var page = await browser.LogOutAsync(await app.SignInAsync(browser, await host.NewPersonAsync()));
        Assert.Equal("Signed out of 0 of 1 app.", page.TextOf("receipt"));

        receiver.Answer(app.ClientId, StatusCodes.Status204NoContent);
        await host.UntilAsync(app.ClientId, LogoutDeliveryState.Delivered);

        Assert.Equal("Signed out of 1 app. You can close this page now.", (await browser.OpenAsync(page.Url.AbsoluteUri)).TextOf("receipt"));
        var delivery = Assert.Single(await host.DeliveriesAsync(app.ClientId));
        Assert.Equal([(LogoutOutcome.Failed, 503), (LogoutOutcome.Delivered, 204)], delivery.ReadAttempts().Select(attempt => (attempt.Outcome, attempt.Status!.Value)));
        Assert.Null(delivery.DueAt);
        // BC3: each attempt has a token of its own.
        Assert.Equal(2, receiver.Of(app.ClientId).Select(told => Wire.ClaimsOf(told.Token).GetProperty("jti").GetString()).Distinct().Count());
        await Eventually.TrueAsync(() => host.ReadAsync(db => db.Set<AuditEvent>().AnyAsync(entry => entry.Type == AuditEventType.LogoutDelivered && entry.ClientId == app.ClientId)));
    }

    [Theory] // BC8
    [OnEachDatabase(500, 7), OnEachDatabase(400, 3)]
    public async Task Nobody_is_tried_for_ever(TestDatabase database, int status, int attempts)
    {
        await using var host = await StartAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var app = await host.NewAppAsync(receiver);
        receiver.Answer(app.ClientId, status);
        using var browser = host.NewBrowser();
        var page = await browser.LogOutAsync(await app.SignInAsync(browser, await host.NewPersonAsync()));

        for (var made = 2; made <= attempts; made++)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(3) + (made < 5 ? TimeSpan.Zero : TimeSpan.FromHours(2)));
            await Eventually.TrueAsync(async () => (await host.DeliveriesAsync(app.ClientId)).Single().ReadAttempts().Count == made);
        }

        host.Clock.Advance(TimeSpan.FromDays(1));
        await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System);
        var delivery = Assert.Single(await host.DeliveriesAsync(app.ClientId));
        Assert.Equal((LogoutDeliveryState.GivenUp, attempts), (delivery.State, delivery.ReadAttempts().Count));
        Assert.Equal(attempts, receiver.Of(app.ClientId).Count);
    }

    [Theory, OnEachDatabase] // BC8: an address that was wrong
    public async Task The_address_that_is_registered_now_is_told_and_none_when_there_is_none(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var (moved, gone) = (await host.NewAppAsync(receiver), await host.NewAppAsync(receiver));
        receiver.Answer(moved.ClientId, 404);
        receiver.Answer(gone.ClientId, 404);
        await SignInAndOutAsync(host, moved, gone);

        await host.DeclareAppAsync(moved.ClientId, receiver.Address("moved"));
        await host.DeclareAppAsync(gone.ClientId, null, """, "backchannel_logout_uri": null""");

        await host.UntilAsync(moved.ClientId, LogoutDeliveryState.Delivered);
        await host.UntilAsync(gone.ClientId, LogoutDeliveryState.GivenUp);
        Assert.Equal(moved.ClientId, Wire.ClaimsOf(Assert.Single(receiver.Of("moved")).Token).GetProperty("aud").GetString());
        Assert.Equal(LogoutOutcome.Withdrawn, (await host.DeliveriesAsync(gone.ClientId)).Single().ReadAttempts()[^1].Outcome);
    }

    [Theory, OnEachDatabase] // BC8, BC9: many at once behind one that hangs
    public async Task A_backlog_at_one_app_delays_no_other(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var (good, bad) = (await host.NewAppAsync(receiver), await host.NewAppAsync(receiver));
        receiver.Answer(bad.ClientId, context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        var person = await host.NewPersonAsync();
        for (var i = 0; i < 12; i++)
        {
            using var browser = host.NewBrowser();
            await bad.SignInAsync(browser, person);
            await good.SignInAsync(browser, person);
        }

        var before = TimeProvider.System.GetTimestamp();
        await host.EndAsync(sessions => sessions.EndAllAsync(person.Id, SessionEndReason.UserDisabled, CancellationToken.None));
        await Eventually.TrueAsync(() => Task.FromResult(receiver.Of(good.ClientId).Count == 12));

        Assert.True(TimeProvider.System.GetElapsedTime(before) < TimeSpan.FromSeconds(5));
    }

    private static async Task<(Page Page, TimeSpan Elapsed)> SignInAndOutAsync(ProviderHost host, params RelyingParty[] apps)
    {
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        ProtocolResponse? tokens = null;
        foreach (var app in apps)
        {
            tokens = await app.SignInAsync(browser, person);
        }

        var before = TimeProvider.System.GetTimestamp();
        return (await browser.LogOutAsync(tokens!), TimeProvider.System.GetElapsedTime(before));
    }

    /// <summary>Answers one byte a second, for ever.</summary>
    private sealed class DrippingServer : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);

        public DrippingServer()
        {
            listener.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/drip";
            _ = DripAsync();
        }

        public string Address { get; }

        public void Dispose() => listener.Dispose();

        private async Task DripAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync();
                    foreach (var character in "HTTP/1.1 200 OK\r\nX-Slow: " + new string('x', 1000))
                    {
                        await client.GetStream().WriteAsync(new[] { (byte)character });
                        await Task.Delay(TimeSpan.FromSeconds(0.5), TimeProvider.System);
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
            {
                // The caller has gone, or the test is over.
            }
        }
    }
}
