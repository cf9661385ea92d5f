using System.Net;
using IdentityProvider.Users;
using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.IntegrationTests.TokenExchange.Exchanges;

namespace IdentityProvider.IntegrationTests.TokenExchange;

/// <summary>Token exchange: RFC 8693.</summary>
public sealed class TokenExchangeTests(SharedProviders providers) : IClassFixture<SharedProviders>
{
    [Theory, OnEachDatabase] // TK19; RFC 8693 §5
    public async Task A_client_without_the_grant_learns_nothing_about_tokens(TestDatabase database)
    {
        var host = await providers.WithExchangesAsync(database);
        var token = (await host.Party("front").SignInAsync(await host.NewPersonAsync(), "openid first")).AccessToken;

        foreach (var subject in new[] { token, "nonsense" })
        {
            var refused = await host.Party("machine-only").ExchangeTokenAsync(subject);
            Assert.Equal((HttpStatusCode.BadRequest, "unauthorized_client"), (refused.Status, refused.Error));
        }

        Assert.Equal("unauthorized_client", (await host.RelyingParty(StandardDeclaration.Spa).ExchangeTokenAsync(token)).Error);
        Assert.Equal("invalid_client", (await host.Party("middle").With("wrong").ExchangeTokenAsync(token)).Error);
    }

    [Theory, OnEachDatabase] // §2.1, §2.2.2
    public async Task A_request_that_is_none_is_invalid(TestDatabase database)
    {
        var host = await providers.WithExchangesAsync(database);
        var tokens = await host.Party("front").SignInAsync(await host.NewPersonAsync(), "openid offline_access first");
        var middle = host.Party("middle");
        var own = await middle.OwnTokenAsync();
        const string Types = "urn:ietf:params:oauth:token-type:";

        foreach (var change in new Action<Dictionary<string, string>>[]
        {
            form => form.Remove("subject_token"),
            form => form.Remove("subject_token_type"),
            form => form["subject_token_type"] = "nonsense",
            form => form["subject_token_type"] = Types + "saml2",
            form => form["subject_token_type"] = Types + "jwt",
            form => (form["subject_token"], form["subject_token_type"]) = (tokens.IdToken, Types + "id_token"),
            form => (form["subject_token"], form["subject_token_type"]) = (tokens.RefreshToken, Types + "refresh_token"),
            form => form["subject_token"] = tokens.IdToken,
            form => form["subject_token"] = tokens.RefreshToken,
            form => form.Remove("actor_token"),
            form => form.Remove("actor_token_type"),
            form => (form["actor_token"], form["actor_token_type"]) = (tokens.IdToken, Types + "id_token"),
            form => form["requested_token_type"] = Types + "id_token",
            form => form["requested_token_type"] = Types + "refresh_token",
            form => form["requested_token_type"] = Types + "jwt",
            form => form["requested_token_type"] = "nonsense",
        })
        {
            Dictionary<string, string>? sent = null;
            var answer = await middle.ExchangeTokenAsync(tokens.AccessToken, own, form => change(sent = form));
            Assert.True((answer.Status, answer.Error) == (HttpStatusCode.BadRequest, "invalid_request"), $"{Wire.QueryOf(sent!)}: {answer}");
        }
    }

    [Theory, OnEachDatabase] // §2.2.2: "if either the subject_token or actor_token are invalid for any reason"
    public async Task A_token_that_is_not_good_makes_the_request_invalid(TestDatabase database)
    {
        await using var host = await Exchanges.StartAsync(database);
        var (front, middle) = (host.Party("front"), host.Party("middle"));
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var live = (await front.SignInAsync(browser, person, "openid first")).AccessToken;
        var own = await middle.OwnTokenAsync();
        var revoked = (await front.SignInAsync(person, "openid first")).AccessToken;
        await front.RevokeAsync(revoked);

        foreach (var (subject, actor) in new[] { ("nonsense", own), (live[..^4] + "AAAA", own), (revoked, own), (live, "nonsense"), (new string('x', 9000), own) })
        {
            var answer = await middle.ExchangeTokenAsync(subject, actor);
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Error));
        }

        // The session ends, and with it the grant.
        await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");
        Assert.Equal("invalid_request", (await middle.ExchangeTokenAsync(live, own)).Error);

        // The account is disabled.
        var other = (await front.SignInAsync(person, "openid first")).AccessToken;
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<AccountStatus>().DisableAsync(person.Subject, CancellationToken.None);
        }

        Assert.Equal("invalid_request", (await middle.ExchangeTokenAsync(other, own)).Error);

        // The token expires.
        var late = (await front.SignInAsync(await host.NewPersonAsync(), "openid first")).AccessToken;
        host.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal("invalid_request", (await middle.ExchangeTokenAsync(late, await middle.OwnTokenAsync())).Error);
    }

    [Theory, OnEachDatabase]
    public async Task Nobody_exchanges_what_is_neither_theirs_nor_for_them(TestDatabase database)
    {
        var host = await providers.WithExchangesAsync(database);
        var person = await host.NewPersonAsync();
        var token = (await host.Party("front").SignInAsync(person, "openid first")).AccessToken;
        var stranger = host.Party("stranger");

        Assert.Equal("invalid_request", (await stranger.ExchangeTokenAsync(token, await stranger.OwnTokenAsync())).Error);
        // For the issuer only: no resource names anybody.
        var bare = (await host.Party("front").SignInAsync(person, "openid")).AccessToken;
        Assert.Equal("invalid_request", (await host.Party("middle").ExchangeTokenAsync(bare, await host.Party("middle").OwnTokenAsync())).Error);
        // Somebody else's proof does not make one the actor.
        Assert.Equal("invalid_request", (await host.Party("middle").ExchangeTokenAsync(token, await stranger.OwnTokenAsync())).Error);
    }

    [Theory, OnEachDatabase]
    public async Task Impersonation_and_delegation_are_for_whom_the_registration_says(TestDatabase database)
    {
        var host = await providers.WithExchangesAsync(database);
        var token = (await host.Party("front").SignInAsync(await host.NewPersonAsync(), "openid first second")).AccessToken;
        var support = host.Party("support");

        Assert.Equal("unauthorized_client", (await host.Party("middle").ExchangeTokenAsync(token)).Error);
        Assert.Equal("unauthorized_client", (await support.ExchangeTokenAsync(token, await support.OwnTokenAsync())).Error);

        var impersonated = Wire.ClaimsOf((await support.ExchangeTokenAsync(token)).OrFail().AccessToken);
        Assert.Equal("support", impersonated.GetProperty("client_id").GetString());
        Assert.Equal(Wire.ClaimsOf(token).GetProperty("sub").GetString(), impersonated.GetProperty("sub").GetString());
        Assert.False(impersonated.TryGetProperty("act", out _));
    }

    [Theory, OnEachDatabase] // §2.1, §5: never wider
    public async Task The_new_token_is_never_good_for_more(TestDatabase database)
    {
        var host = await providers.WithExchangesAsync(database);
        var middle = host.Party("middle");
        var own = await middle.OwnTokenAsync("second");
        var token = (await host.Party("front").SignInAsync(await host.NewPersonAsync(), "openid profile offline_access first")).AccessToken;

        foreach (var scope in new[] { "second", "profile", "nonsense", "first second" })
        {
            Assert.Equal("invalid_scope", (await middle.ExchangeTokenAsync(token, own, form => form["scope"] = scope)).Error);
        }

        // Nothing here gives a refresh token, so the library calls asking for one's scope a mistake in the request.
        Assert.Equal("invalid_request", (await middle.ExchangeTokenAsync(token, own, form => form["scope"] = "offline_access")).Error);

        foreach (var name in new[] { "resource", "audience" })
        {
            Assert.Equal("invalid_target", (await middle.ExchangeTokenAsync(token, own, form => form[name] = Second)).Error);
            Assert.Equal("invalid_target", (await middle.ExchangeTokenAsync(token, own, form => form[name] = "https://nowhere.example")).Error);
            var narrowed = (await middle.ExchangeTokenAsync(token, own, form => (form[name], form["scope"]) = (First, "first"))).OrFail();
            Assert.Equal((First, "first"), (Wire.ClaimsOf(narrowed.AccessToken).GetProperty("aud").GetString(), narrowed["scope"]));
        }

        var all = (await middle.ExchangeTokenAsync(token, own)).OrFail();
        Assert.Equal("openid first", all["scope"]);
        Assert.Equal(First, Wire.ClaimsOf(all.AccessToken).GetProperty("aud").GetString());
    }

    [Theory, OnEachDatabase] // §2.2.1, §4.1
    public async Task An_API_calls_the_next_one_in_a_persons_name_and_every_one_sees_who_acts(TestDatabase database)
    {
        var host = await providers.WithExchangesAsync(database);
        var person = await host.NewPersonAsync();
        var (middle, last) = (host.Party("middle"), host.Party("last"));
        var token = (await host.Party("front").SignInAsync(person, "openid first second")).AccessToken;

        var answer = (await middle.ExchangeTokenAsync(token, await middle.OwnTokenAsync(), form => form["resource"] = Second)).OrFail();

        Assert.Equal((AccessTokenType, "Bearer", "no-store"), (answer["issued_token_type"], answer["token_type"], answer.Headers["Cache-Control"]));
        Assert.True(answer.Json.GetProperty("expires_in").GetInt32() is > 0 and <= 900);
        // RFC 8707 §2.2: what means something only to the first API is not in a token for the second.
        Assert.Equal("openid second", answer["scope"]);
        Assert.Null(answer.Find("refresh_token"));
        Assert.Null(answer.Find("id_token"));
        var (before, after) = (Wire.ClaimsOf(token), Wire.ClaimsOf(answer.AccessToken));
        Assert.Equal((person.Subject, "middle", Second),
            (after.GetProperty("sub").GetString(), after.GetProperty("client_id").GetString(), after.GetProperty("aud").GetString()));
        Assert.Equal("""{"sub":"middle"}""", after.GetProperty("act").GetRawText());
        Assert.Equal((before.GetProperty("auth_time").GetInt64(), before.GetProperty("acr").GetString()),
            (after.GetProperty("auth_time").GetInt64(), after.GetProperty("acr").GetString()));
        Assert.NotEqual(before.GetProperty("jti").GetString(), after.GetProperty("jti").GetString());
        Assert.True(after.GetProperty("exp").GetInt64() <= before.GetProperty("exp").GetInt64());
        Assert.False(after.TryGetProperty("sid", out _));

        Assert.Equal("""{"sub":"middle"}""", (await last.IntrospectAsync(answer.AccessToken)).OrFail().Json.GetProperty("act").GetRawText());
        var userinfo = (await middle.UserInfoAsync(answer.AccessToken)).OrFail();
        Assert.Equal((person.Subject, """{"sub":"middle"}"""), (userinfo["sub"], userinfo.Json.GetProperty("act").GetRawText()));

        var onwards = (await last.ExchangeTokenAsync(answer.AccessToken, await last.OwnTokenAsync())).OrFail();
        Assert.Equal("""{"sub":"last","act":{"sub":"middle"}}""", Wire.ClaimsOf(onwards.AccessToken).GetProperty("act").GetRawText());
        Assert.Equal("second", onwards["scope"]);
    }

    [Theory, OnEachDatabase]
    public async Task What_was_exchanged_dies_with_the_grant_and_lives_no_longer(TestDatabase database)
    {
        await using var host = await Exchanges.StartAsync(database);
        var middle = host.Party("middle");
        using var browser = host.NewBrowser();
        var token = (await host.Party("front").SignInAsync(browser, await host.NewPersonAsync(), "openid first")).AccessToken;
        host.Clock.Advance(TimeSpan.FromMinutes(10));
        var exchanged = (await middle.ExchangeTokenAsync(token, await middle.OwnTokenAsync())).OrFail();

        Assert.True(exchanged.Json.GetProperty("expires_in").GetInt32() <= 300);
        Assert.True(Wire.ClaimsOf(exchanged.AccessToken).GetProperty("exp").GetInt64() <= Wire.ClaimsOf(token).GetProperty("exp").GetInt64());
        Assert.True((await middle.IntrospectAsync(exchanged.AccessToken)).OrFail().Json.GetProperty("active").GetBoolean());

        await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");

        Assert.False((await middle.IntrospectAsync(exchanged.AccessToken)).OrFail().Json.GetProperty("active").GetBoolean());
        Assert.Equal(HttpStatusCode.Unauthorized, (await middle.UserInfoAsync(exchanged.AccessToken)).Status);
    }

    [Theory, OnEachDatabase]
    public async Task A_machines_token_is_exchanged_too_and_its_presenter_may_narrow_its_own(TestDatabase database)
    {
        var host = await providers.WithExchangesAsync(database);
        var middle = host.Party("middle");
        var machine = await host.Party("machine-only").OwnTokenAsync("first");

        var exchanged = Wire.ClaimsOf((await middle.ExchangeTokenAsync(machine, await middle.OwnTokenAsync())).OrFail().AccessToken);
        Assert.Equal(("machine-only", "middle"), (exchanged.GetProperty("sub").GetString(), exchanged.GetProperty("act").GetProperty("sub").GetString()));

        var own = await middle.OwnTokenAsync("first second");
        var narrowed = (await middle.ExchangeTokenAsync(own, own, form => form["scope"] = "second")).OrFail();
        Assert.Equal(Second, Wire.ClaimsOf(narrowed.AccessToken).GetProperty("aud").GetString());
    }

    [Theory, OnEachDatabase] // DI13
    public async Task Clients_can_find_the_grant_and_it_costs_few_commands(TestDatabase database)
    {
        var host = await providers.WithExchangesAsync(database);
        var middle = host.Party("middle");
        var document = await middle.SendAsync(new HttpRequestMessage(HttpMethod.Get, ".well-known/openid-configuration"));
        Assert.Contains(Grant, document.Json.GetProperty("grant_types_supported").EnumerateArray().Select(value => value.GetString()));

        var token = (await host.Party("front").SignInAsync(await host.NewPersonAsync(), "openid first")).AccessToken;
        var own = await middle.OwnTokenAsync();
        (await middle.ExchangeTokenAsync(token, own)).OrFail();
        var answer = (await middle.ExchangeTokenAsync(token, own)).OrFail();
        Assert.True(answer.Sql.Count <= 4, string.Join("\n--\n", answer.Sql));
    }
}
