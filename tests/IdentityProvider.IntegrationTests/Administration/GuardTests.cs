using System.Net;
using IdentityProvider.Administration;
using IdentityProvider.Keys;
using IdentityProvider.Permissions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IdentityProvider.IntegrationTests.Administration;

/// <summary>Every endpoint of the administration API, and who comes in (RFC 6750 §3).</summary>
public sealed class GuardTests(AdministeredProviders providers) : IClassFixture<AdministeredProviders>
{
    [Theory, OnEachDatabase]
    public async Task Without_a_token_with_anothers_or_without_the_permission_nobody_comes_in(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var signedIn = await host.NewPersonAsync("""["author"]""");
        var otherAudience = (await host.Party("console").SignInAsync(signedIn, "openid posts")).AccessToken;
        var identity = (await host.Party("console").SignInAsync(signedIn, "openid")).IdToken;
        var administrators = new Dictionary<string, Administrator>();
        foreach (var role in BuiltInRole.All)
        {
            administrators[role.Name] = await host.NewAdministratorAsync($"""["{role.Name}"]""");
        }

        var two = (await host.Party("console").SignInAsync(administrators["administrator"].Person, "openid administration posts")).AccessToken;
        var failures = new List<string>();
        foreach (var operation in Operations.All)
        {
            var (method, path) = (operation.Method, operation.Template.Replace("*", "nobody", StringComparison.Ordinal));
            var missing = await host.AskAsync(null, method, path);
            Expect(operation, "no token", missing, HttpStatusCode.Unauthorized, "Bearer");
            foreach (var (what, token) in new[] { ("rubbish", "rubbish"), ("another audience", otherAudience), ("an id_token", identity), ("two audiences", two) })
            {
                var refused = await host.AskAsync(token, method, path);
                Expect(operation, what, refused, HttpStatusCode.Unauthorized, "Bearer error=\"invalid_token\"");
            }

            foreach (var role in BuiltInRole.All)
            {
                var answer = await administrators[role.Name].AskAsync(method, path);
                if (role.Permissions.Contains(operation.Permission))
                {
                    if (answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or >= HttpStatusCode.InternalServerError)
                    {
                        failures.Add($"{method} {operation.Template}: {role.Name} got {answer}");
                    }
                }
                else
                {
                    Expect(operation, role.Name, answer, HttpStatusCode.Forbidden, null);
                    if (!answer.Body.Contains(operation.Permission.Name, StringComparison.Ordinal) || answer.Find("reference") is null)
                    {
                        failures.Add($"{method} {operation.Template}: {role.Name} was not told what is missing: {answer}");
                    }
                }
            }
        }

        Assert.Empty(failures);

        void Expect(Operation operation, string what, ProtocolResponse answer, HttpStatusCode status, string? challenge)
        {
            var told = answer.Headers.GetValueOrDefault("WWW-Authenticate");
            if (answer.Status != status || (challenge is null ? told is not null : told is null || !told.StartsWith(challenge, StringComparison.Ordinal))
                || answer.Headers["Content-Type"] != "application/problem+json" || answer.Headers["Cache-Control"] != "no-store")
            {
                failures.Add($"{operation.Method} {operation.Template} with {what}: {answer} {told}");
            }
        }
    }

    [Theory, OnEachDatabase]
    public async Task An_unknown_path_and_a_wrong_method_are_told_apart(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        Assert.Equal(HttpStatusCode.NotFound, (await host.AskAsync(null, "GET", "")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await host.AskAsync(null, "GET", "/everything")).Status);
        var wrong = await host.AskAsync(null, "PATCH", "/clients/shop");
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET, PUT, DELETE"), (wrong.Status, wrong.Headers["Allow"]));
    }

    [Theory, OnEachDatabase]
    public async Task Whoever_holds_nothing_gets_no_token_for_it_and_the_rest_of_what_was_asked_for(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var author = await host.NewPersonAsync("""["author"]""");

        var alone = (await host.Party("console").SignInAsync(author, "openid administration")).OrFail();
        var beside = (await host.Party("console").SignInAsync(author, "openid administration posts")).OrFail();
        var robot = (await host.Party("idle-robot").ClientCredentialsAsync("administration posts")).OrFail();

        Assert.Equal(host.Issuer, Wire.ClaimsOf(alone.AccessToken).GetProperty("aud").GetString());
        Assert.Equal("openid", alone.Find("scope"));
        Assert.Equal(Administered.Posts, Wire.ClaimsOf(beside.AccessToken).GetProperty("aud").GetString());
        Assert.Equal("openid posts", beside.Find("scope"));
        Assert.Equal(Administered.Posts, Wire.ClaimsOf(robot.AccessToken).GetProperty("aud").GetString());
        Assert.Equal("posts", robot.Find("scope"));
    }

    // This server issues no token for the administration without its scope; one that it signed all the same does not come in.
    [Theory, OnEachDatabase]
    public async Task A_token_of_our_own_without_the_scope_is_refused_as_such_and_an_old_one_or_another_servers_as_invalid(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var (now, hour) = (host.Clock.GetUtcNow().UtcDateTime, TimeSpan.FromHours(1));

        var good = await host.AskAsync(await SignAsync(host, "administration", host.Issuer, now + hour), "GET", "/clients");
        var without = await host.AskAsync(await SignAsync(host, "posts", host.Issuer, now + hour), "GET", "/clients");
        var expired = await host.AskAsync(await SignAsync(host, "administration", host.Issuer, now - hour), "GET", "/clients");
        var foreign = await host.AskAsync(await SignAsync(host, "administration", "https://elsewhere.example", now + hour), "GET", "/clients");

        Assert.Equal(HttpStatusCode.OK, good.Status);
        Assert.Equal(HttpStatusCode.Forbidden, without.Status);
        Assert.Contains("error=\"insufficient_scope\"", without.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Contains("scope=\"administration\"", without.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.All([expired, foreign], refused =>
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
            Assert.StartsWith("Bearer error=\"invalid_token\"", refused.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        });
    }

    [Theory, OnEachDatabase]
    public async Task A_client_without_the_scope_gets_no_token_for_it(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var administrator = await host.NewPersonAsync("""["administrator"]""");
        var app = host.Party("plain-app");
        using var browser = host.NewBrowser();
        await browser.SignInAsync(administrator.UserName, administrator.Password);

        var page = await browser.GetAsync(app.NewRequest("openid administration").Url);

        Assert.Contains("error=invalid_scope", page.Location?.Query ?? "", StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task A_role_that_is_taken_away_counts_no_more_and_a_token_ends_with_its_session(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var helper = await host.NewAdministratorAsync("""["help-desk"]""");
        var other = await host.NewAdministratorAsync("""["help-desk"]""");
        var disabled = await host.NewAdministratorAsync("""["help-desk"]""");
        var manager = await host.NewAdministratorAsync("""["administrator"]""");

        Assert.Equal(HttpStatusCode.OK, (await helper.AskAsync("GET", "/users")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await manager.AskAsync("DELETE", $"/users/{helper.Person.Subject}/roles/help-desk")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await helper.AskAsync("GET", "/users")).Status);

        var sid = Wire.ClaimsOf(other.Token).TryGetProperty("sid", out var value) ? value.GetString()
            : (await manager.AskAsync("GET", $"/users/{other.Person.Subject}/sessions")).OrFail().Json.GetProperty("sessions")[0].GetProperty("sid").GetString();
        Assert.Equal(HttpStatusCode.NoContent, (await manager.AskAsync("DELETE", $"/sessions/{sid}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.AskAsync("GET", "/users")).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await manager.AskAsync("POST", $"/users/{disabled.Person.Subject}/disable")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await disabled.AskAsync("GET", "/users")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await manager.AskAsync("POST", $"/users/{disabled.Person.Subject}/enable")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task A_machine_administers_with_its_own_roles_and_a_revoked_token_does_not(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var token = await host.TokenAsync("robot");

        Assert.Equal(HttpStatusCode.OK, (await host.AskAsync(token, "GET", "/clients")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.AskAsync(token, "GET", "/users")).Status);
        await host.Party("robot").RevokeAsync(token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.AskAsync(token, "GET", "/clients")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task A_token_that_was_exchanged_or_is_another_clients_or_whose_client_lost_the_scope_does_not_come_in(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var later = host.Clock.GetUtcNow().UtcDateTime.AddHours(1);
        var token = await host.TokenAsync("robot");

        foreach (var (claim, value) in new (string, object)[]
        {
            ("act", new Dictionary<string, object> { ["sub"] = "shop" }), ("may_act", new Dictionary<string, object> { ["sub"] = "shop" }), ("sub", "idle-robot"),
        })
        {
            var refused = await host.AskAsync(await SignAsync(host, "administration", host.Issuer, later, (claim, value)), "GET", "/clients");
            Assert.True(refused.Status == HttpStatusCode.Unauthorized, $"{claim}: {refused}");
        }

        Assert.Equal(HttpStatusCode.OK, (await host.AskAsync(token, "GET", "/clients")).Status);
        await host.ApplyAsync("""{ "clients": [{ "client_id": "robot", "scope": "posts" }] }""");
        var without = await host.AskAsync(token, "GET", "/clients");
        await host.ApplyAsync(Administered.Declaration);

        Assert.Equal(HttpStatusCode.Forbidden, without.Status);
        Assert.Contains("error=\"insufficient_scope\"", without.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    private static async Task<string> SignAsync(ProviderHost host, string scope, string issuer, DateTime expires, params (string Name, object Value)[] claims) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = Administered.Identifier,
            IssuedAt = expires.AddHours(-2),
            Expires = expires,
            TokenType = "at+jwt",
            SigningCredentials = await host.Services.GetRequiredService<SignatureKeys>().GetAsync("ES256", CancellationToken.None),
            Claims = new Dictionary<string, object>(
                from claim in claims.Concat([("sub", "robot"), ("client_id", "robot"), ("scope", scope), ("jti", Wire.RandomText(22))])
                group claim.Item2 by claim.Item1 into named
                select KeyValuePair.Create(named.Key, named.First())),
        });

    [Theory, OnEachDatabase]
    public async Task A_change_on_one_node_holds_on_the_other(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["administrator"]""");
        var person = await host.NewPersonAsync("[]");
        await using var second = await host.StartSecondNodeAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await second.AskAsync(manager.Token, "PUT", $"/users/{person.Subject}/roles/help-desk")).Status);
        var token = await host.TokenAsync(person);
        Assert.Equal(HttpStatusCode.OK, (await host.AskAsync(token, "GET", "/users")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await host.AskAsync(manager.Token, "DELETE", $"/users/{person.Subject}/roles/help-desk")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await second.AskAsync(token, "GET", "/users")).Status);
    }
}
