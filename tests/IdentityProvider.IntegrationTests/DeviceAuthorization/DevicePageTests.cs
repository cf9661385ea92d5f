using System.Net;
using IdentityProvider.Data;
using IdentityProvider.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.DeviceAuthorization;

/// <summary>The page where a person answers for a device: RFC 8628 §3.3, §5.1, §5.4.</summary>
public sealed class DevicePageTests(SharedProviders providers) : IClassFixture<SharedProviders>
{
    [Theory, OnEachDatabase]
    public async Task Unknown_answered_and_impossible_codes_are_told_in_the_same_words(TestDatabase database)
    {
        await using var host = await Devices.StartAsync(database);
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());
        var (used, denied) = ((await host.Device().AskAsync()).OrFail(), (await host.Device().AskAsync()).OrFail());
        await browser.AllowAsync(used["user_code"]);
        await browser.PressAndFollowAsync(await browser.TypeCodeAsync(denied["user_code"]), "device-deny");

        foreach (var code in new[] { "BCDF-GHJK", used["user_code"], denied["user_code"], "<script>alert(1)</script>" })
        {
            var page = await browser.TypeCodeAsync(code);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.StartsWith("That code did not work", page.TextOf("device-problem"), StringComparison.Ordinal);
            Assert.False(page.Has("device-allow"));
            Assert.DoesNotContain("<script>alert", page.Body, StringComparison.Ordinal);
        }
    }

    [Theory, OnEachDatabase]
    public async Task Text_no_database_takes_is_a_wrong_code_and_no_failure(TestDatabase database)
    {
        await using var host = await Devices.StartAsync(database);
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());

        foreach (var code in new[] { "\0\0\0\0\0\0\0\0", new string('B', 100_000), "ＢＣＤＦＧＨＪＫ" })
        {
            Assert.True((await browser.TypeCodeAsync(code)).Has("device-problem"));
        }

        Assert.True((await browser.OpenAsync("/device?user_code=%00%ff" + new string('x', 4000))).Has("device-continue"));
    }

    [Theory, OnEachDatabase]
    public async Task An_answer_without_the_pages_own_token_counts_for_nothing(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());
        var codes = (await host.Device().AskAsync()).OrFail();

        var forged = await browser.PostAsync("/device", [new("user_code", codes["user_code"]), new("device-allow", "true")], new Uri("https://evil.example/"));

        Assert.True(forged.Status is HttpStatusCode.SeeOther or HttpStatusCode.BadRequest);
        Assert.Equal("authorization_pending", (await host.Device().PollAsync(codes["device_code"])).Error);
    }

    [Theory, OnEachDatabase]
    public async Task Whoever_is_not_signed_in_does_so_first_and_finds_the_code_again(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var codes = (await host.Device().AskAsync()).OrFail();

        var login = await browser.OpenAsync(codes["verification_uri_complete"]);
        Assert.True(login.Has("login-submit"));
        var page = await browser.SignInAsync(login, person.UserName, person.Password);

        // RFC 8628 §3.3.1: filled in, and still to be confirmed.
        Assert.Equal(codes["user_code"], page.Element("user-code").GetAttribute("value"));
        Assert.False(page.Has("device-allow"));
        Assert.Equal("authorization_pending", (await host.Device().PollAsync(codes["device_code"])).Error);
        Assert.True((await browser.PressAndFollowAsync(page, "device-continue")).Has("device-allow"));
    }

    [Theory, OnEachDatabase]
    public async Task It_says_who_asks_for_what_and_where_from(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());
        var request = new HttpRequestMessage(HttpMethod.Post, "connect/device")
        {
            Content = new FormUrlEncodedContent([new("client_id", "tv"), new("scope", "openid orders offline_access")]),
        };
        request.Headers.TryAddWithoutValidation("User-Agent", "TestTV/1.0 <b>(fake)</b>");
        var codes = (await host.Device().SendAsync(request)).OrFail();

        var page = await browser.TypeCodeAsync(codes["user_code"]);

        Assert.Contains("Living room TV", page.Text, StringComparison.Ordinal);
        Assert.Contains(codes["user_code"], page.TextOf("shown-code"), StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", page.TextOf("device-address"));
        Assert.Equal("TestTV/1.0 <b>(fake)</b>", page.TextOf("device-agent"));
        foreach (var permission in new[] { "Confirm who you are", "See and place your orders", "Keep this access while you are away" })
        {
            Assert.Contains(permission, page.Text, StringComparison.Ordinal);
        }

        Assert.Contains("deny it", page.TextOf("device-warning"), StringComparison.Ordinal);
        Assert.Equal("no-store", page.Headers["Cache-Control"].Split(',')[0].Trim());
    }

    [Theory, OnEachDatabase] // RFC 8628 §6.1
    public async Task A_code_may_be_typed_carelessly(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());

        foreach (var careless in new Func<string, string>[]
        {
            code => code.ToLowerInvariant(), code => code.Replace("-", "", StringComparison.Ordinal), code => $" {code.Replace("-", " ", StringComparison.Ordinal)} ",
            code => code.Replace("-", "\u2013", StringComparison.Ordinal),
        })
        {
            var codes = (await host.Device().AskAsync()).OrFail();
            Assert.True((await browser.TypeCodeAsync(careless(codes["user_code"]))).Has("device-allow"));
        }
    }

    [Theory, OnEachDatabase]
    public async Task A_client_of_the_house_is_confirmed_too(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());
        var codes = (await host.Device("house").AskAsync("openid")).OrFail();

        Assert.True((await browser.TypeCodeAsync(codes["user_code"])).Has("device-allow"));
    }

    [Theory, OnEachDatabase]
    public async Task Allowing_a_device_is_no_consent_for_anything_else(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());
        var player = host.Device("player");
        await player.ConnectAsync(browser);

        Assert.True((await browser.OpenAsync(player.NewRequest("openid orders").Url)).Has("consent-allow"));
    }

    [Theory, OnEachDatabase]
    public async Task Of_two_answers_at_once_one_counts(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        using var one = await host.SignedInAsync(await host.NewPersonAsync());
        using var other = await host.SignedInAsync(await host.NewPersonAsync());
        var codes = (await host.Device().AskAsync()).OrFail();
        var pages = await Task.WhenAll(one.TypeCodeAsync(codes["user_code"]), other.TypeCodeAsync(codes["user_code"]));

        var answers = await Task.WhenAll(one.PressAndFollowAsync(pages[0], "device-allow"), other.PressAndFollowAsync(pages[1], "device-allow"));

        Assert.Single(answers, answer => answer.Url.AbsolutePath == "/device/allowed");
        Assert.Single(answers, answer => answer.Has("device-problem"));
        Assert.True((await host.Device().PollAsync(codes["device_code"])).Succeeded);
    }

    [Theory, OnEachDatabase]
    public async Task Every_answer_is_on_record(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        var person = await host.NewPersonAsync();
        using var browser = await host.SignedInAsync(person);
        await host.Device().ConnectAsync(browser);
        var codes = (await host.Device().AskAsync()).OrFail();
        await browser.PressAndFollowAsync(await browser.TypeCodeAsync(codes["user_code"]), "device-deny");

        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AuditLog>().FlushAsync(CancellationToken.None);
        var types = await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<AuditEvent>()
            .Where(row => row.Subject == person.Subject && row.ClientId == "tv").Select(row => row.Type).ToListAsync();

        Assert.Equal([AuditEventType.TokenIssued, AuditEventType.DeviceAllowed, AuditEventType.DeviceDenied], types.Order());
    }
}
