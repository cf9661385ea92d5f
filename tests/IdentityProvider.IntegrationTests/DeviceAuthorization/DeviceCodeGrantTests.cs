using System.Net;
using IdentityProvider.Data;
using IdentityProvider.DeviceAuthorization;
using IdentityProvider.Jobs;
using IdentityProvider.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.DeviceAuthorization;

/// <summary>A device asks for its tokens: RFC 8628 §3.4, §3.5.</summary>
public sealed class DeviceCodeGrantTests(SharedProviders providers) : IClassFixture<SharedProviders>
{
    [Theory, OnEachDatabase]
    public async Task A_code_that_is_none_or_somebody_elses_is_invalid(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        var codes = (await host.Device().AskAsync()).OrFail();

        Assert.Equal("invalid_request", (await host.Device().TokenAsync(new() { ["grant_type"] = Devices.DeviceCodeGrant })).Error);
        Assert.Equal("invalid_grant", (await host.Device().PollAsync("nonsense")).Error);
        Assert.Equal("invalid_grant", (await host.Device().PollAsync(codes["user_code"])).Error);
        Assert.Equal("invalid_grant", (await host.Device().PollAsync(new string('x', 5000))).Error);
        Assert.Equal("invalid_grant", (await host.Device("box").PollAsync(codes["device_code"])).Error);
        Assert.Equal("invalid_client", (await host.Device("box").With("wrong").PollAsync(codes["device_code"])).Error);
        // TK19: a client without the grant hears of that, whatever its code.
        Assert.Equal("unauthorized_client", (await host.RelyingParty(Shop).PollAsync(codes["device_code"])).Error);
        Assert.Equal("unauthorized_client", (await host.RelyingParty(Shop).PollAsync("nonsense")).Error);
    }

    [Theory, OnEachDatabase]
    public async Task Nothing_more_can_be_asked_for_at_the_token_endpoint(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        var codes = (await host.Device().AskAsync(null)).OrFail();
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());
        await browser.AllowAsync(codes["user_code"]);

        Assert.Equal("invalid_request", (await AskForAsync("scope", "orders")).Error);
        Assert.Equal("invalid_target", (await AskForAsync("resource", StandardDeclaration.ApiResource)).Error);

        var tokens = (await host.Device().PollAsync(codes["device_code"])).OrFail();
        Assert.Null(tokens.Find("id_token"));
        Assert.False(Wire.ClaimsOf(tokens.AccessToken).TryGetProperty("scope", out _));
        Assert.Equal(host.Issuer, Wire.ClaimsOf(tokens.AccessToken).GetProperty("aud").GetString());

        Task<ProtocolResponse> AskForAsync(string name, string value) => host.Device().TokenAsync(new()
        {
            ["grant_type"] = Devices.DeviceCodeGrant, ["device_code"] = codes["device_code"], [name] = value,
        });
    }

    [Theory, OnEachDatabase]
    public async Task While_nobody_answers_the_device_waits_and_waits_longer_when_it_is_impatient(TestDatabase database)
    {
        await using var host = await Devices.StartAsync(database);
        var tv = host.Device();
        var code = (await tv.AskAsync()).OrFail()["device_code"];

        var first = await tv.PollAsync(code);
        Assert.Equal((HttpStatusCode.BadRequest, "authorization_pending"), (first.Status, first.Error));
        Assert.Equal("slow_down", (await tv.PollAsync(code)).Error);
        // Now 10 seconds.
        host.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("slow_down", (await tv.PollAsync(code)).Error);
        // Now 15 seconds.
        host.Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("authorization_pending", (await tv.PollAsync(code)).Error);
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("slow_down", (await tv.PollAsync(code)).Error);

        // Many at once count as one.
        host.Clock.Advance(TimeSpan.FromSeconds(21));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => tv.PollAsync(code)));
        Assert.True(answers.Count(answer => answer.Error == "authorization_pending") <= 1);
        Assert.All(answers, answer => Assert.Contains(answer.Error, new[] { "authorization_pending", "slow_down" }));
        // A device that waits is no refusal to be kept for the administrator.
        Assert.DoesNotContain("slow_down", string.Join('\n', await host.AuditReasonsAsync()), StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task A_denied_device_is_told_so(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        var codes = (await host.Device().AskAsync()).OrFail();
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());

        var denied = await browser.PressAndFollowAsync(await browser.TypeCodeAsync(codes["user_code"]), "device-deny");

        Assert.EndsWith("/device/denied", denied.Url.AbsolutePath, StringComparison.Ordinal);
        var answer = await host.Device().PollAsync(codes["device_code"]);
        Assert.Equal((HttpStatusCode.BadRequest, "access_denied"), (answer.Status, answer.Error));
        Assert.Equal("access_denied", (await host.Device().PollAsync(codes["device_code"])).Error);
    }

    [Theory, OnEachDatabase]
    public async Task A_code_expires_allowed_or_not(TestDatabase database)
    {
        await using var host = await Devices.StartAsync(database);
        var (tv, person) = (host.Device(), await host.NewPersonAsync());
        var (waiting, allowed) = ((await tv.AskAsync()).OrFail(), (await tv.AskAsync()).OrFail());
        using var browser = await host.SignedInAsync(person);
        await browser.AllowAsync(allowed["user_code"]);

        host.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));

        Assert.Equal("expired_token", (await tv.PollAsync(waiting["device_code"])).Error);
        Assert.Equal("expired_token", (await tv.PollAsync(allowed["device_code"])).Error);
        Assert.True((await browser.TypeCodeAsync(waiting["user_code"])).Has("device-problem"));

        // Long after, nobody knows it any more.
        host.Clock.Advance(TimeSpan.FromDays(1.1));
        await using var scope = host.Services.CreateAsyncScope();
        await host.Services.GetServices<RecurringJob>().Single(job => job.Name == "device-authorization.prune").RunAsync(scope.ServiceProvider, CancellationToken.None);
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        Assert.Equal((0, 0), (await db.Set<DeviceRequest>().CountAsync(), await db.Set<UserCodeGuess>().CountAsync()));
        Assert.Equal("invalid_grant", (await tv.PollAsync(waiting["device_code"])).Error);
    }

    [Theory, OnEachDatabase]
    public async Task An_allowed_device_gets_tokens_as_any_client_does(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        var person = await host.NewPersonAsync();
        using var browser = await host.SignedInAsync(person);

        var tokens = await host.Device().ConnectAsync(browser, "openid profile orders");

        var (access, id) = (Wire.ClaimsOf(tokens.AccessToken), Wire.ClaimsOf(tokens.IdToken));
        Assert.Equal(("Bearer", "no-store"), (tokens["token_type"], tokens.Headers["Cache-Control"]));
        Assert.Equal((person.Subject, StandardDeclaration.ApiResource, "tv"),
            (access.GetProperty("sub").GetString(), access.GetProperty("aud").GetString(), access.GetProperty("client_id").GetString()));
        Assert.Equal("openid profile orders", access.GetProperty("scope").GetString());
        Assert.Equal((person.Subject, "tv"), (id.GetProperty("sub").GetString(), id.GetProperty("aud").GetString()));
        Assert.True(id.TryGetProperty("auth_time", out _) && id.TryGetProperty("sid", out _) && id.TryGetProperty("acr", out _) && id.TryGetProperty("at_hash", out _));
        Assert.Equal("Pat Person", (await host.Device().UserInfoAsync(tokens.AccessToken)).OrFail()["name"]);
        Assert.Equal("tv", (await host.RelyingParty(Api).IntrospectAsync(tokens.AccessToken)).OrFail()["client_id"]);

        var refreshed = (await host.Device().RefreshAsync(tokens.RefreshToken)).OrFail();
        Assert.Equal("invalid_grant", (await host.RelyingParty(Spa).RefreshAsync(refreshed.RefreshToken)).Error);
        Assert.Equal("invalid_scope", (await host.Device().RefreshAsync(refreshed.RefreshToken, "openid reports")).Error);
    }

    [Theory, OnEachDatabase]
    public async Task A_resource_narrows_the_audience(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());
        var codes = (await host.Device().PostAsync("connect/device", new() { ["scope"] = "orders reports", ["resource"] = ReportsResource })).OrFail();
        await browser.AllowAsync(codes["user_code"]);

        var tokens = (await host.Device().PollAsync(codes["device_code"])).OrFail();

        Assert.Equal(ReportsResource, Wire.ClaimsOf(tokens.AccessToken).GetProperty("aud").GetString());
    }

    [Theory, OnEachDatabase] // RFC 8628 §3.5: one device code, one grant, on whichever node
    public async Task Of_many_polls_on_two_nodes_one_gets_the_tokens(TestDatabase database)
    {
        await using var host = await Devices.StartAsync(database);
        await using var second = await host.StartSecondNodeAsync();
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());
        var codes = (await host.Device().AskAsync()).OrFail();
        await browser.AllowAsync(codes["user_code"]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10)
            .Select(poll => (poll % 2 == 0 ? host : second).Device().PollAsync(codes["device_code"])));

        var tokens = Assert.Single(answers, answer => answer.Succeeded);
        Assert.All(answers.Except([tokens]), answer => Assert.Equal("invalid_grant", answer.Error));
        Assert.True((await second.Device().UserInfoAsync(tokens.AccessToken)).Succeeded);
    }

    [Theory, OnEachDatabase] // RFC 6749 §4.1.2, as for codes
    public async Task A_device_code_that_comes_back_later_ends_what_it_gave(TestDatabase database)
    {
        await using var host = await Devices.StartAsync(database);
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());
        var codes = (await host.Device().AskAsync()).OrFail();
        await browser.AllowAsync(codes["user_code"]);
        var tokens = (await host.Device().PollAsync(codes["device_code"])).OrFail();

        host.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("invalid_grant", (await host.Device().PollAsync(codes["device_code"])).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Device().UserInfoAsync(tokens.AccessToken)).Status);
        Assert.Equal("invalid_grant", (await host.Device().RefreshAsync(tokens.RefreshToken)).Error);
    }

    [Theory, OnEachDatabase]
    public async Task What_a_device_has_ends_with_the_session_unless_it_may_stay(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        var person = await host.NewPersonAsync();
        using var browser = await host.SignedInAsync(person);
        var unfetched = (await host.Device().AskAsync()).OrFail();
        await browser.AllowAsync(unfetched["user_code"]);
        var online = await host.Device().ConnectAsync(browser);
        var withoutRefresh = await host.Device("box").ConnectAsync(browser);
        var offline = await host.Device().ConnectAsync(browser, "openid offline_access");
        Assert.Null(withoutRefresh.Find("refresh_token"));

        await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");

        Assert.Equal("invalid_grant", (await host.Device().PollAsync(unfetched["device_code"])).Error);
        Assert.Equal("invalid_grant", (await host.Device().RefreshAsync(online.RefreshToken)).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Device().UserInfoAsync(online.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Device("box").UserInfoAsync(withoutRefresh.AccessToken)).Status);
        Assert.True((await host.Device().RefreshAsync(offline.RefreshToken)).Succeeded);
    }

    [Theory, OnEachDatabase]
    public async Task A_disabled_person_gives_nothing(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        var person = await host.NewPersonAsync();
        using var browser = await host.SignedInAsync(person);
        var codes = (await host.Device().AskAsync("openid offline_access")).OrFail();
        await browser.AllowAsync(codes["user_code"]);

        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AccountStatus>().DisableAsync(person.Subject, CancellationToken.None);

        Assert.Equal("invalid_grant", (await host.Device().PollAsync(codes["device_code"])).Error);
    }

    [Theory, OnEachDatabase]
    public async Task A_poll_costs_at_most_three_commands_and_the_tokens_six(TestDatabase database)
    {
        var host = await providers.WithDevicesAsync(database);
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());
        await host.Device().ConnectAsync(browser);
        var codes = (await host.Device().AskAsync()).OrFail();

        var pending = await host.Device().PollAsync(codes["device_code"]);
        Assert.Equal("authorization_pending", pending.Error);
        Assert.True(pending.Sql.Count <= 3, string.Join("\n--\n", pending.Sql));

        await browser.AllowAsync(codes["user_code"]);
        var tokens = (await host.Device().PollAsync(codes["device_code"])).OrFail();
        Assert.True(tokens.Sql.Count <= 6, string.Join("\n--\n", tokens.Sql));
    }
}
