using System.Net;
using System.Text.Json;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Authorize;

/// <summary>What tokens from the authorization endpoint are worth, what they say, and how they end. Checklist rows ID1 to ID15 and ID17.</summary>
public sealed class FrontChannelTokenTests(SharedProviders providers)
{
    [Theory, OnEachDatabase("id_token token"), OnEachDatabase("code token")]
    public async Task An_access_token_dies_with_the_session(TestDatabase database, string responseType)
    {
        var host = await providers.OnAsync(database);
        var hybrid = await FrontChannelClients.HybridAsync(host);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        // OpenID Connect Core §11: with no code to exchange there is no offline access, so nothing outlives the logout.
        var answer = await AuthorizeAsync(hybrid, browser, person, responseType, responseType == "code token" ? "openid" : "openid offline_access");
        (await hybrid.UserInfoAsync(answer["access_token"])).OrFail();
        // RFC 6749 §4.2.2
        Assert.Equal("openid", answer["scope"]);

        await browser.PressAndFollowAsync(await browser.OpenAsync("/logout"), "logout-confirm");

        Assert.Equal(HttpStatusCode.Unauthorized, (await hybrid.UserInfoAsync(answer["access_token"])).Status);
        Assert.Equal("false", (await hybrid.IntrospectAsync(answer["access_token"]))["active"].ToLowerInvariant());
    }

    // A logout at the same moment: no access token is left alive, whichever came first.
    [Theory, OnEachDatabase("id_token token"), OnEachDatabase("code token")]
    public async Task No_access_token_outlives_a_session_that_ends_meanwhile(TestDatabase database, string responseType)
    {
        var host = await providers.OnAsync(database);
        var client = await FrontChannelClients.SignedAsync(host, "ES256");
        var issued = 0;
        for (var round = 0; round < 6; round++)
        {
            using var browser = host.NewBrowser();
            var tokens = await client.SignInAsync(browser, await host.NewPersonAsync());
            var requests = Enumerable.Range(0, 4).Select(_ => NewRequest(client, responseType, "openid")).ToList();
            var answers = requests.Select(request => Task.Run(() => browser.GetAsync(request.Url))).ToList();
            if (round % 2 == 1)
            {
                await Task.WhenAny(answers);
            }

            await Task.WhenAll(answers.Append(Task.Run(() => EndSessionAsync(host, Wire.ClaimsOf(tokens.IdToken).GetProperty("sid").GetString()!))));

            foreach (var page in answers.Select(answer => answer.Result))
            {
                // Refused, sent to sign in again, or given a token that is worth nothing any more.
                if (page.Location?.Fragment.Length > 1 && page.LocationFragment.TryGetValue("access_token", out var accessToken))
                {
                    issued++;
                    Assert.NotEqual(HttpStatusCode.OK, (await client.UserInfoAsync(accessToken)).Status);
                }
            }
        }

        Assert.NotEqual(0, issued);
    }

    [Theory, OnEachDatabase] // RFC 6749 §4.1.2
    public async Task A_replayed_code_ends_the_access_token_that_came_with_it(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var hybrid = await FrontChannelClients.HybridAsync(host);
        using var browser = host.NewBrowser();
        var request = NewRequest(hybrid, "code token", "openid");
        var answer = request.AnswerFrom(await browser.AuthorizeAsync(request, await host.NewPersonAsync()));
        (await hybrid.ExchangeAsync(answer["code"], request)).OrFail();

        Assert.Equal("invalid_grant", (await hybrid.ExchangeAsync(answer["code"], request)).Error);

        Assert.Equal(HttpStatusCode.Unauthorized, (await hybrid.UserInfoAsync(answer["access_token"])).Status);
    }

    [Theory, OnEachDatabase("id_token token"), OnEachDatabase("code token")] // IR4
    public async Task An_access_token_can_be_revoked(TestDatabase database, string responseType)
    {
        var host = await providers.OnAsync(database);
        var hybrid = await FrontChannelClients.HybridAsync(host);
        using var browser = host.NewBrowser();
        var answer = await AuthorizeAsync(hybrid, browser, await host.NewPersonAsync(), responseType, "openid");

        Assert.Equal(HttpStatusCode.OK, (await hybrid.RevokeAsync(answer["access_token"])).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await hybrid.UserInfoAsync(answer["access_token"])).Status);
    }

    [Theory, OnEachDatabase("id_token token"), OnEachDatabase("code token"), OnEachDatabase("code id_token token")] // OpenID Connect Core §5.5
    public async Task What_was_asked_for_by_name_is_at_userinfo_for_an_access_token_from_the_browser_too(TestDatabase database, string responseType)
    {
        var host = await providers.OnAsync(database);
        var hybrid = await FrontChannelClients.HybridAsync(host);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var request = NewRequest(hybrid, responseType, "openid");
        request = request with { Parameters = new Dictionary<string, string>(request.Parameters) { ["claims"] = """{"userinfo":{"given_name":{"essential":true}}}""" } };

        var answer = request.AnswerFrom(await browser.AuthorizeAsync(request, person));

        Assert.Equal("Pat", (await hybrid.UserInfoAsync(answer["access_token"])).OrFail()["given_name"]);
    }

    [Theory, OnEachDatabase("id_token token"), OnEachDatabase("code id_token token")] // RFC 9068 §2, RFC 8707 §2.2
    public async Task An_access_token_is_the_same_as_one_from_the_token_endpoint(TestDatabase database, string responseType)
    {
        var host = await providers.OnAsync(database);
        var hybrid = await FrontChannelClients.HybridAsync(host);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var fromToken = await hybrid.SignInAsync(browser, person, "openid orders");

        var fromBrowser = (await AuthorizeAsync(hybrid, browser, person, responseType, "openid orders"))["access_token"];

        var (expected, actual) = (Wire.ClaimsOf(fromToken.AccessToken), Wire.ClaimsOf(fromBrowser));
        Assert.Equal("at+jwt", Wire.HeaderOf(fromBrowser).GetProperty("typ").GetString());
        Assert.Equal(Names(expected), Names(actual));
        foreach (var name in new[] { "iss", "sub", "aud", "client_id", "scope", "auth_time", "acr" })
        {
            Assert.Equal(expected.GetProperty(name).ToString(), actual.GetProperty(name).ToString());
        }

        Assert.Equal(StandardDeclaration.ApiResource, actual.GetProperty("aud").GetString());
        Assert.Equal(Lifetime(expected), Lifetime(actual));
        Assert.NotEqual(expected.GetProperty("jti").GetString(), actual.GetProperty("jti").GetString());
        Assert.True((await host.RelyingParty(Api).IntrospectAsync(fromBrowser)).Json.GetProperty("active").GetBoolean());
    }

    [Theory, OnEachDatabase] // ID13, ID14: OpenID Connect Core §5.4
    public async Task An_id_token_alone_carries_the_claims_of_the_scopes(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var hybrid = await FrontChannelClients.HybridAsync(host);
        using var browser = host.NewBrowser();
        var request = NewRequest(hybrid, "id_token", "openid profile email address phone");
        string[] person =
        [
            "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "email",
            "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number", "phone_number_verified", "address", "updated_at",
        ];

        var answer = request.AnswerFrom(await browser.AuthorizeAsync(request, Alice, AlicePassword));

        var claims = await IdTokenCheck.CheckAsync(host, answer["id_token"],
            new(hybrid.ClientId, "RS256", request.Nonce) { Subject = "alice-subject", PersonClaims = person });
        Assert.Equal("alice@example.com", claims.GetProperty("email").GetString());
        Assert.Equal(JsonValueKind.True, claims.GetProperty("email_verified").ValueKind);
        Assert.Equal(JsonValueKind.True, claims.GetProperty("phone_number_verified").ValueKind);
        Assert.Equal(JsonValueKind.Number, claims.GetProperty("updated_at").ValueKind);
        Assert.Equal("1990-04-01", claims.GetProperty("birthdate").GetString());
        Assert.Equal("Berlin", claims.GetProperty("address").GetProperty("locality").GetString());
    }

    // ID12: OpenID Connect Core §5.4, with an access token in any of its answers a flow leaves the claims to userinfo.
    [Theory]
    [OnEachDatabase("code")]
    [OnEachDatabase("id_token token")]
    [OnEachDatabase("code id_token")]
    [OnEachDatabase("code id_token token")]
    public async Task Every_other_id_token_leaves_them_out(TestDatabase database, string responseType)
    {
        var host = await providers.OnAsync(database);
        var hybrid = await FrontChannelClients.HybridAsync(host);
        using var browser = host.NewBrowser();
        var request = NewRequest(hybrid, responseType, "openid profile email address phone");

        var answer = request.AnswerFrom(await browser.AuthorizeAsync(request, Alice, AlicePassword));

        // The check knows all claims there may be.
        if (answer.TryGetValue("id_token", out var idToken))
        {
            await IdTokenCheck.CheckAsync(host, idToken,
                new(hybrid.ClientId, "RS256", request.Nonce, answer.GetValueOrDefault("access_token"), answer.GetValueOrDefault("code")));
        }

        if (answer.TryGetValue("code", out var code))
        {
            var tokens = (await hybrid.ExchangeAsync(code, request)).OrFail();
            await IdTokenCheck.CheckAsync(host, tokens.IdToken, new(hybrid.ClientId, "RS256", request.Nonce, tokens.AccessToken));
        }
    }

    // ID1, ID10, ID15, ID17: OpenID Connect Dynamic Client Registration §2, Core §3.3.2.11
    [Theory]
    [OnEachDatabase("RS256"), OnEachDatabase("RS384"), OnEachDatabase("RS512")]
    [OnEachDatabase("PS256"), OnEachDatabase("PS384"), OnEachDatabase("PS512")]
    [OnEachDatabase("ES256"), OnEachDatabase("ES384"), OnEachDatabase("ES512")]
    public async Task Every_id_token_is_signed_and_hashed_with_the_algorithm_that_the_client_registered(TestDatabase database, string algorithm)
    {
        var host = await providers.OnAsync(database);
        var client = await FrontChannelClients.SignedAsync(host, algorithm);
        using var browser = host.NewBrowser();
        var person = await host.NewPersonAsync();

        foreach (var responseType in new[] { "id_token token", "code id_token", "code id_token token" })
        {
            var request = NewRequest(client, responseType, "openid profile");
            var answer = request.AnswerFrom(await browser.AuthorizeAsync(request, person));
            await IdTokenCheck.CheckAsync(host, answer["id_token"],
                new(client.ClientId, algorithm, request.Nonce, answer.GetValueOrDefault("access_token"), answer.GetValueOrDefault("code")) { Subject = person.Subject });
        }

        var code = NewRequest(client, "code", "openid profile");
        var tokens = (await client.ExchangeAsync(code.CodeFrom(await browser.AuthorizeAsync(code, person)), code)).OrFail();
        await IdTokenCheck.CheckAsync(host, tokens.IdToken, new(client.ClientId, algorithm, code.Nonce, tokens.AccessToken) { Subject = person.Subject });
        var refreshed = (await client.RefreshAsync(tokens.RefreshToken)).OrFail();
        await IdTokenCheck.CheckAsync(host, refreshed.IdToken, new(client.ClientId, algorithm, Nonce: null, refreshed.AccessToken) { Subject = person.Subject });
        // The hint is verified with every key of the ring, whatever signed it.
        await browser.OpenAsync($"/connect/logout?id_token_hint={tokens.IdToken}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(tokens.AccessToken)).Status);
    }

    [Theory, OnEachDatabase]
    public async Task The_administrator_finds_a_record_and_the_grant_its_session(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var hybrid = await FrontChannelClients.HybridAsync(host);
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();

        var answer = await AuthorizeAsync(hybrid, browser, person, "id_token token", "openid offline_access");

        await host.Services.GetRequiredService<AuditLog>().FlushAsync(CancellationToken.None);
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var grant = await db.Set<Grant>().SingleAsync(grant => grant.Subject == person.Subject);
        Assert.Equal(Wire.ClaimsOf(answer["id_token"]).GetProperty("sid").GetString(), grant.SessionId);
        Assert.False(grant.Offline);
        var recorded = await db.Set<AuditEvent>().Where(row => row.Subject == person.Subject && row.ClientId == hybrid.ClientId)
            .Select(row => row.Type).ToListAsync();
        Assert.Contains(AuditEventType.TokenIssued, recorded);
        Assert.DoesNotContain(AuditEventType.CodeIssued, recorded);
    }

    private static async Task EndSessionAsync(ProviderHost host, string sid)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SessionRegistry>().EndAsync(sid, SessionEndReason.SignedOut, CancellationToken.None);
    }

    private static AuthorizationRequest NewRequest(RelyingParty client, string responseType, string scope) => client.NewRequest(scope, parameters =>
    {
        parameters["response_type"] = responseType;
        if (!responseType.Split(' ').Contains("code"))
        {
            parameters.Remove("code_challenge");
            parameters.Remove("code_challenge_method");
        }
    });

    private static async Task<IReadOnlyDictionary<string, string>> AuthorizeAsync(
        RelyingParty client, Browser browser, TestPerson person, string responseType, string scope)
    {
        var request = NewRequest(client, responseType, scope);
        return request.AnswerFrom(await browser.AuthorizeAsync(request, person));
    }

    private static IEnumerable<string> Names(JsonElement claims) => claims.EnumerateObject().Select(claim => claim.Name).Order(StringComparer.Ordinal);

    private static long Lifetime(JsonElement claims) => claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64();
}
