using System.Net;
using System.Text.Json;
using IdentityProvider.IntegrationTests.DeviceAuthorization;
using IdentityProvider.Logout;
using IdentityProvider.Sessions;
using static IdentityProvider.IntegrationTests.Logout.LoggedOutApps;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Logout;

/// <summary>OpenID Connect Back-Channel Logout 1.0: who is told of the end of a session, and what.</summary>
public sealed class BackChannelTests(LogoutProviders providers) : IClassFixture<LogoutProviders>
{
    [Theory, OnEachDatabase] // BC1, BC7, BC11, LO1: §2.5, §2.7
    public async Task Every_client_of_the_session_is_told_once_and_before_the_browser_is_back_and_no_other(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var (mail, wiki, unused) = (await host.NewAppAsync(receiver), await host.NewAppAsync(receiver), await host.NewAppAsync(receiver));
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var tokens = await mail.SignInAsync(browser, person);
        await wiki.SignInAsync(browser, person);
        await unused.SignInAsync(person);

        var done = await browser.LogOutAsync(tokens, mail.RedirectUri);

        Assert.Equal(mail.RedirectUri, done.Location!.AbsoluteUri);
        foreach (var app in new[] { mail, wiki })
        {
            var told = Assert.Single(receiver.Of(app.ClientId));
            Assert.Equal(("POST", "application/x-www-form-urlencoded"), (told.Method, told.ContentType));
            Assert.Equal("logout_token", Assert.Single(told.Form).Key);
            Assert.Equal(app.ClientId, Wire.ClaimsOf(told.Token).GetProperty("aud").GetString());
        }

        Assert.Empty(receiver.Of(unused.ClientId));
        Assert.Equal("invalid_grant", (await mail.RefreshAsync(tokens.RefreshToken)).Error);
    }

    [Theory] // BC2, BC3, BC4, BC5: §2.4
    [OnEachDatabase("RS256"), OnEachDatabase("ES256"), OnEachDatabase("PS384")]
    public async Task A_logout_token_says_who_was_signed_out_where_and_by_whom_and_nothing_else(TestDatabase database, string algorithm)
    {
        var host = await providers.OnAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var app = await host.NewAppAsync(receiver, $$""", "id_token_signed_response_alg": "{{algorithm}}", "backchannel_logout_session_required": true""");
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var tokens = await app.SignInAsync(browser, person);

        await browser.LogOutAsync(tokens);

        var token = Assert.Single(receiver.Of(app.ClientId)).Token;
        await IdTokenCheck.VerifySignatureAsync(host, token, algorithm);
        Assert.Equal("logout+jwt", Wire.HeaderOf(token).GetProperty("typ").GetString());
        var (claims, idToken) = (Wire.ClaimsOf(token), Wire.ClaimsOf(tokens.IdToken));
        Assert.Equal(["aud", "events", "exp", "iat", "iss", "jti", "sid", "sub"], claims.EnumerateObject().Select(claim => claim.Name).Order(StringComparer.Ordinal));
        foreach (var same in new[] { "iss", "aud", "sub", "sid" })
        {
            Assert.Equal(idToken.GetProperty(same).GetString(), claims.GetProperty(same).GetString());
        }

        Assert.Equal("""{"http://schemas.openid.net/event/backchannel-logout":{}}""", claims.GetProperty("events").GetRawText());
        var issued = claims.GetProperty("iat").GetInt64();
        Assert.InRange(issued, host.Clock.GetUtcNow().ToUnixTimeSeconds() - 10, host.Clock.GetUtcNow().ToUnixTimeSeconds());
        Assert.Equal(120, claims.GetProperty("exp").GetInt64() - issued);
        Assert.Equal(JsonValueKind.String, claims.GetProperty("jti").ValueKind);
        // §4: nothing here takes it for a token of another kind.
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(token)).Status);
        Assert.Null((await browser.OpenAsync("/connect/logout?" + Wire.QueryOf([new("id_token_hint", token), new("post_logout_redirect_uri", app.RedirectUri)]))).Location);
    }

    [Theory, OnEachDatabase] // BC4: as that client knew the person (OpenID Connect Core §8)
    public async Task A_client_that_knows_people_by_another_subject_is_told_that_one(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var codes = await host.NewAppAsync(receiver, """, "subject_type": "pairwise" """);
        var front = await host.NewAppAsync(receiver, """, "subject_type": "pairwise", "response_types": ["code", "code id_token token"] """);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var tokens = await codes.SignInAsync(browser, person);
        var request = front.NewRequest(change: parameters => parameters["response_type"] = "code id_token token");
        var idToken = (await browser.AuthorizeAsync(request, person)).LocationFragment["id_token"];

        await browser.LogOutAsync(tokens);

        var (first, second) = (Assert.Single(receiver.Of(codes.ClientId)), Assert.Single(receiver.Of(front.ClientId)));
        Assert.Equal(Sub(tokens.IdToken), Sub(first.Token));
        Assert.Equal(Sub(idToken), Sub(second.Token));
        Assert.Equal(3, new HashSet<string>([person.Subject, Sub(first.Token), Sub(second.Token)]).Count);

        static string Sub(string token) => Wire.ClaimsOf(token).GetProperty("sub").GetString()!;
    }

    [Theory, OnEachDatabase] // BC12
    public async Task One_of_two_browsers_logged_out_leaves_the_other_alone(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var app = await host.NewAppAsync(receiver);
        var person = await host.NewPersonAsync();
        using var desk = host.NewBrowser();
        using var phone = host.NewBrowser();
        var (atDesk, onPhone) = (await app.SignInAsync(desk, person), await app.SignInAsync(phone, person));

        await desk.LogOutAsync(atDesk);

        Assert.Equal(SidOf(atDesk), Wire.ClaimsOf(Assert.Single(receiver.Of(app.ClientId)).Token).GetProperty("sid").GetString());
        Assert.Equal(HttpStatusCode.OK, (await app.UserInfoAsync(onPhone.AccessToken)).Status);
        Assert.True((await app.RefreshAsync(onPhone.RefreshToken)).Succeeded);
    }

    [Theory, OnEachDatabase] // BC4: each client is told the sid it knows
    public async Task A_session_that_went_on_under_another_sid_ends_under_both(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var (mail, wiki) = (await host.NewAppAsync(receiver), await host.NewAppAsync(receiver));
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var before = await mail.SignInAsync(browser, person);
        var after = await wiki.SignInAsync(browser, person, change: parameters => parameters["prompt"] = "login");
        Assert.NotEqual(SidOf(before), SidOf(after));
        Assert.Empty(receiver.Of(mail.ClientId));

        var page = await browser.LogOutAsync(after);

        Assert.Equal(SidOf(before), Sid(mail));
        Assert.Equal(SidOf(after), Sid(wiki));
        Assert.Equal("Signed out of 2 apps. You can close this page now.", page.TextOf("receipt"));

        string? Sid(RelyingParty app) => Wire.ClaimsOf(Assert.Single(receiver.Of(app.ClientId)).Token).GetProperty("sid").GetString();
    }

    [Theory, OnEachDatabase] // BC9
    public async Task Whoever_ends_a_session_its_clients_are_told(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var app = await host.NewAppAsync(receiver);
        List<string> ended = [];

        foreach (var reason in new[] { SessionEndReason.PasswordChanged, SessionEndReason.UserDisabled, SessionEndReason.EndedByAdministrator })
        {
            var person = await host.NewPersonAsync();
            ended.Add(SidOf(await app.SignInAsync(person)));
            ended.Add(SidOf(await app.SignInAsync(person)));
            await host.EndAsync(sessions => sessions.EndAllAsync(person.Id, reason, CancellationToken.None));
        }

        var expired = SidOf(await app.SignInAsync(await host.NewPersonAsync()));
        await host.EndAsync(sessions => sessions.EndAsync(expired, SessionEndReason.Expired, CancellationToken.None));
        ended.Add(expired);

        using (var browser = host.NewBrowser())
        {
            ended.Add(SidOf(await app.SignInAsync(browser, await host.NewPersonAsync())));
            var other = await host.NewPersonAsync();
            await browser.SignInAsync(await browser.OpenAsync("/login?another=true"), other.UserName, other.Password);
        }

        using (var browser = host.NewBrowser())
        {
            ended.Add(SidOf(await app.SignInAsync(browser, await host.NewPersonAsync())));
            var page = await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");
            Assert.Equal("Signed out of 1 app. You can close this page now.", page.TextOf("receipt"));
        }

        await Eventually.TrueAsync(() => Task.FromResult(receiver.Of(app.ClientId).Count >= ended.Count));
        Assert.Equal(ended.Order(StringComparer.Ordinal),
            receiver.Of(app.ClientId).Select(told => Wire.ClaimsOf(told.Token).GetProperty("sid").GetString()!).Order(StringComparer.Ordinal));
        await host.UntilAsync(app.ClientId, LogoutDeliveryState.Delivered);
    }

    [Theory, OnEachDatabase] // BC7: a grant that was made on another screen is one of the session too
    public async Task A_device_that_was_allowed_in_the_session_is_told(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var app = await host.NewAppAsync(receiver);
        await host.ApplyAsync(
            $$"""
            { "clients": [{ "client_id": "{{app.ClientId}}-tv", "token_endpoint_auth_method": "none", "grant_types": ["{{Devices.DeviceCodeGrant}}"], "scope": "openid",
              "backchannel_logout_uri": "{{receiver.Address("tv")}}" }] }
            """);
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());
        await host.Device(app.ClientId + "-tv").ConnectAsync(browser, "openid");

        await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");

        Assert.Equal(app.ClientId + "-tv", Wire.ClaimsOf(Assert.Single(receiver.Of("tv")).Token).GetProperty("aud").GetString());
    }

    [Theory, OnEachDatabase] // BC7: the grant is gone after two days, were it not for the session
    public async Task A_session_of_many_days_still_knows_its_first_client(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        await using var receiver = await LogoutReceiver.StartAsync();
        var app = await host.NewAppAsync(receiver);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var page = await browser.OpenAsync("/login");
        await browser.PressAndFollowAsync(page, "login-submit", new Dictionary<string, string>
        {
            ["username"] = person.UserName, ["password"] = person.Password, ["remember"] = "true",
        });
        await app.SignInAsync(browser, person);

        host.Clock.Advance(TimeSpan.FromDays(5));
        await host.RunJobAsync("grants.prune");
        await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");

        Assert.Single(receiver.Of(app.ClientId));
    }

    [Theory, OnEachDatabase] // DI25
    public async Task Discovery_tells_that_clients_can_be_told(TestDatabase database)
    {
        var metadata = await (await providers.OnAsync(database)).Http.GetStringAsync(".well-known/openid-configuration");

        Assert.Contains("\"backchannel_logout_supported\":true", metadata.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\"backchannel_logout_session_supported\":true", metadata.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task Who_was_nowhere_is_told_nothing_of_apps_and_a_made_up_receipt_shows_none(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        using var browser = await host.SignedInAsync(await host.NewPersonAsync());

        var page = await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");
        Assert.Equal("", page.Url.Query);
        foreach (var receipt in new[] { "x", Guid.CreateVersion7().ToString("N"), "%00", new string('C', 3000) })
        {
            var made = await browser.OpenAsync("/logged-out?receipt=" + receipt);
            Assert.Equal(HttpStatusCode.OK, made.Status);
            Assert.False(made.Has("receipt"));
        }
    }
}
