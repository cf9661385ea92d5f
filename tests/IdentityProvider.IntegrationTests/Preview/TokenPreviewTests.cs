using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Audit;
using IdentityProvider.Data;
using IdentityProvider.Extensibility;
using IdentityProvider.IntegrationTests.Claims;
using IdentityProvider.IntegrationTests.Declarations;
using IdentityProvider.Preview;
using IdentityProvider.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Preview;

/// <summary>What an administrator sees beforehand is what is issued, and nothing of it works.</summary>
public sealed class TokenPreviewTests(SharedProviders providers)
{
    // They differ from token to token.
    private static readonly string[] ofEachToken = ["iat", "exp", "nbf", "jti", "auth_time", "sid", "at_hash", "nonce", "oi_au_id"];

    [Theory, OnEachDatabase]
    public async Task A_request_that_would_be_refused_is_refused_for_the_same_reason(TestDatabase database)
    {
        var host = await Mappings.OnAsync(providers, database);
        var person = await host.NewPersonAsync();

        Assert.Equal("invalid_client", (await host.PreviewAsync(person.Subject, "nobody")).Refusal?.Error);
        Assert.Equal("access_denied", (await host.PreviewAsync("nobody", Shop)).Refusal?.Error);
        Assert.Equal("unauthorized_client", (await host.PreviewAsync(person.Subject, Machine)).Refusal?.Error);
        Assert.Equal("unauthorized_client", (await host.PreviewAsync(null, Shop, "orders")).Refusal?.Error);
        Assert.Equal(new("invalid_scope", "A requested scope does not exist."), (await host.PreviewAsync(person.Subject, Shop, "openid ghost")).Refusal);
        Assert.Equal("invalid_scope", (await host.PreviewAsync(person.Subject, Poster, "openid orders")).Refusal?.Error);
        Assert.Equal("invalid_target", (await host.PreviewAsync(person.Subject, Shop, "openid orders", "https://elsewhere.example")).Refusal?.Error);
        Assert.Equal("invalid_scope", (await host.PreviewAsync(null, Machine, "openid")).Refusal?.Error);
        Assert.Equal("invalid_target", (await host.PreviewAsync(null, Machine, "orders", ReportsResource)).Refusal?.Error);

        await using (var scope = host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<AccountStatus>().DisableAsync(person.Subject, CancellationToken.None);
        }

        var disabled = await host.PreviewAsync(person.Subject, Shop);
        Assert.Equal(new("access_denied", "The person is disabled: they cannot sign in."), disabled.Refusal);
        Assert.Null(disabled.AccessToken);
    }

    [Theory]
    [OnEachDatabase("map-app", "openid profile offline_access map-me map-read")]
    [OnEachDatabase("map-app", "openid profile map-me map-read map-other")]
    [OnEachDatabase("map-app", "openid")]
    [OnEachDatabase("map-app", "map-read")]
    [OnEachDatabase("map-pairwise", "openid map-me map-read")]
    public async Task A_persons_tokens_are_those_that_they_get(TestDatabase database, string clientId, string scope)
    {
        var host = await Mappings.OnAsync(providers, database);
        var person = await host.NewMappedPersonAsync("""["map-writer"]""");
        var client = host.Party(clientId);

        var tokens = await client.SignInAsync(person, scope);
        var preview = await host.PreviewAsync(person.Subject, clientId, scope);

        await AssertSameAsync(host, client, tokens, preview);
        Assert.Equal(tokens.Json.TryGetProperty("refresh_token", out _), preview.RefreshToken);
        Assert.Null(preview.Refusal);
        Assert.False(preview.Consent!.Asked);
    }

    [Theory]
    [OnEachDatabase("map-read")]
    [OnEachDatabase("map-read map-other")]
    [OnEachDatabase("")]
    public async Task A_machines_token_is_that_which_it_gets(TestDatabase database, string scope)
    {
        var host = await Mappings.OnAsync(providers, database);
        var robot = host.Party("map-robot");

        var token = (await robot.ClientCredentialsAsync(scope.Length == 0 ? "map-read map-other" : scope)).OrFail();
        var preview = await host.PreviewAsync(null, "map-robot", scope);

        await AssertSameAsync(host, robot, token, preview);
        Assert.Null(preview.Consent);
    }

    [Theory, OnEachDatabase]
    public async Task Claims_of_the_hosts_own_code_are_in_it(TestDatabase database)
    {
        Installed.Require(database);
        var asked = new ConcurrentBag<(ClaimsTarget Target, bool IsPreview)>();
        await using var host = await Mappings.StartAsync(new ProviderSettings
        {
            Database = database,
            Services = services => services.AddScoped<IClaimsContributor>(_ => new Departments(asked)),
        });
        var person = await host.NewMappedPersonAsync("""["map-reader"]""");
        var app = host.Party("map-app");

        var tokens = await app.SignInAsync(person, "openid map-me map-read");
        var preview = await host.PreviewAsync(person.Subject, "map-app", "openid map-me map-read");

        Assert.Equal($"""["{person.Subject}","AccessToken"]""", preview.AccessToken!.Claims["departments"]!.ToJsonString());
        Assert.Equal([(ClaimsTarget.AccessToken, false), (ClaimsTarget.AccessToken, true), (ClaimsTarget.IdToken, false), (ClaimsTarget.IdToken, true), (ClaimsTarget.UserInfo, true)],
            asked.Order());
        await AssertSameAsync(host, app, tokens, preview);
    }

    [Theory, OnEachDatabase]
    public async Task A_resource_and_tokens_without_a_code_are_looked_at_as_they_are_asked_for(TestDatabase database)
    {
        var host = await Mappings.OnAsync(providers, database);
        await host.ApplyAsync(
            $$"""
            {
              "clients": [{
                "client_id": "map-front", "token_endpoint_auth_method": "none", "grant_types": ["implicit"], "response_types": ["id_token token"], "first_party": true,
                "redirect_uris": ["https://map-app.example/callback"], "scope": "openid map-me map-read map-other"
              }]
            }
            """);
        var person = await host.NewMappedPersonAsync("""["map-reader"]""");

        var one = await host.PreviewAsync(person.Subject, "map-app", "openid map-read map-other", Mappings.Api);
        var front = await host.PreviewAsync(person.Subject, "map-front", "openid map-read");

        Assert.Equal(Mappings.Api, one.AccessToken!.Claims["aud"]!.GetValue<string>());
        Assert.Equal("openid map-read", one.AccessToken.Claims["scope"]!.GetValue<string>());
        Assert.Equal("implicit", front.GrantType);
        Assert.Equal("""["map.read"]""", front.AccessToken!.Claims["entitlements"]!.ToJsonString());
        Assert.NotNull(front.IdToken);
        Assert.False(front.RefreshToken);
    }

    [Theory, OnEachDatabase] // RFC 8628, RFC 9126 §6
    public async Task A_device_and_a_client_that_pushes_its_requests_are_looked_at_like_others(TestDatabase database)
    {
        var host = await Mappings.OnAsync(providers, database);
        await host.ApplyAsync(
            """
            {
              "clients": [
                { "client_id": "map-device", "token_endpoint_auth_method": "none", "grant_types": ["urn:ietf:params:oauth:grant-type:device_code"], "scope": "openid map-me map-read" },
                { "client_id": "map-pusher", "client_secret": "mapping-secret-000000000000000000000000000000", "require_pushed_authorization_requests": true,
                  "redirect_uris": ["https://map-app.example/callback"], "scope": "openid map-me map-read" }
              ]
            }
            """);
        var person = await host.NewMappedPersonAsync("""["map-reader"]""");

        var device = await host.PreviewAsync(person.Subject, "map-device");
        var pushed = await host.PreviewAsync(person.Subject, "map-pusher");

        Assert.Equal("invalid_scope", (await host.PreviewAsync(person.Subject, "map-device", "openid orders")).Refusal?.Error);
        foreach (var preview in new[] { device, pushed })
        {
            Assert.Null(preview.Refusal);
            Assert.True(preview.Consent!.Asked);
            Assert.Equal("Viewer", preview.IdToken!.Claims["grafana"]!.GetValue<string>());
            Assert.Equal("""["map.read"]""", preview.AccessToken!.Claims["entitlements"]!.ToJsonString());
        }
    }

    [Theory, OnEachDatabase]
    public async Task It_writes_nothing_but_who_looked_and_gives_no_token_out(TestDatabase database)
    {
        Installed.Require(database);
        await using var host = await Mappings.StartAsync(new ProviderSettings { Database = database });
        var person = await host.NewMappedPersonAsync("""["map-writer"]""");
        await host.PreviewAsync(person.Subject, "map-app");
        var before = await host.RowsAsync();

        var texts = new[]
        {
            await host.PreviewAsync(person.Subject, "map-app"),
            await host.PreviewAsync(person.Subject, "map-pairwise"),
            await host.PreviewAsync(person.Subject, Shop, "openid ghost"),
            await host.PreviewAsync(null, "map-robot"),
        }.SelectMany(preview => new[] { preview.ToJson(), PreviewReport.Of(preview) }).ToList();

        Assert.Equal(before, await host.RowsAsync());
        // A JWT begins with its header, and a header with {" and so with eyJ.
        Assert.All(texts, text => Assert.DoesNotContain("eyJ", text, StringComparison.Ordinal));
        var looked = await host.ReadAsync(db => db.Set<AuditEvent>().Where(row => row.Type == AuditEventType.TokensPreviewed).OrderBy(row => row.Id).ToListAsync());
        Assert.Equal(5, looked.Count);
        Assert.Equal((person.Subject, "map-app"), (looked[0].Subject, looked[0].ClientId));
        Assert.StartsWith("Previewed by a test.", looked[0].Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(await host.ReadAsync(db => db.Set<AuditEvent>().ToListAsync()), row => row.Type is AuditEventType.TokenIssued or AuditEventType.CodeIssued);
        // Nothing that a preview says is one: userinfo takes neither it nor what could be made of it.
        var claims = JsonSerializer.SerializeToUtf8Bytes((await host.PreviewAsync(person.Subject, "map-app")).AccessToken!.Claims);
        var made = $"{Convert.ToBase64String("""{"alg":"none","typ":"at+jwt"}"""u8)}.{Convert.ToBase64String(claims)}.".TrimEnd('=').Replace('+', '-').Replace('/', '_');
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await host.Party("map-app").UserInfoAsync(made)).Status);
    }

    [Theory, OnEachDatabase]
    public async Task A_first_meeting_of_a_pairwise_client_makes_no_subject(TestDatabase database)
    {
        var host = await Mappings.OnAsync(providers, database);
        var person = await host.NewMappedPersonAsync("""["map-writer"]""");

        var preview = await host.PreviewAsync(person.Subject, "map-pairwise");

        Assert.Equal("(known when they sign in)", preview.IdToken!.Claims["sub"]!.GetValue<string>());
        Assert.DoesNotContain(person.Subject, preview.AccessToken!.Claims.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("Editor", preview.IdToken.Claims["grafana"]!.GetValue<string>());
    }

    [Theory, OnEachDatabase]
    public async Task It_says_what_would_be_asked_and_why_something_is_left_out(TestDatabase database)
    {
        var host = await Mappings.OnAsync(providers, database);
        var person = await host.NewPersonAsync();
        await host.ApplyAsync($$"""
            {
              "users": [{ "username": "{{person.UserName}}", "nickname": "many", "roles": [
                { "role": "map-writer", "expires_at": "2020-01-01T00:00:00Z" }, { "role": "map-reader", "not_before": "2222-01-01T00:00:00Z" }
              ] }]
            }
            """);

        var first = await host.PreviewAsync(person.Subject, "map-spare", "openid map-me map-read");
        await host.Party("map-spare").SignInAsync(person, "openid map-read");
        var second = await host.PreviewAsync(person.Subject, "map-spare", "openid map-read");
        var third = await host.PreviewAsync(person.Subject, "map-spare", "openid map-me map-read");
        var plain = await host.PreviewAsync(person.Subject, "map-app", "openid map-other");
        var several = await host.PreviewAsync(person.Subject, "map-app", "openid map-read map-other");

        Assert.True(first.Consent!.Asked);
        Assert.Equal(["Know a few things about you", "map-read"], first.Consent.Permissions);
        Assert.Equal((false, "The person allowed all of this before."), (second.Consent!.Asked, second.Consent.Reason));
        Assert.Equal((true, "The person allowed this client less than it asks for."), (third.Consent!.Asked, third.Consent.Reason));
        Assert.Contains("The role map-writer does not count: it expired at 2020-01-01T00:00:00Z.", first.Notes);
        Assert.Contains("The role map-reader does not count yet: it begins at 2222-01-01T00:00:00Z.", first.Notes);
        Assert.Contains("The mapped claim level is not in id_token: its source has no number.", first.Notes);
        Assert.Contains("The mapped claim grafana is not in id_token: its source has no value.", first.Notes);
        Assert.Contains("The access token says nothing of roles: https://map-other.example owns no permissions.", plain.Notes);
        Assert.Contains("The access token says nothing of roles: it is for several APIs, and each asks introspection.", several.Notes);
        Assert.Equal("""[]""", first.AccessToken!.Claims["roles"]!.ToJsonString());
    }

    private static async Task AssertSameAsync(ProviderHost host, RelyingParty client, ProtocolResponse tokens, PreviewedTokens preview)
    {
        AssertSame(tokens.AccessToken, preview.AccessToken!);
        if (tokens.Json.TryGetProperty("id_token", out var idToken))
        {
            AssertSame(idToken.GetString()!, preview.IdToken!);
            Assert.Equal(Form((await client.UserInfoAsync(tokens.AccessToken)).OrFail().Json), Form(preview.UserInfo!));
        }
        else
        {
            Assert.Null(preview.IdToken);
            Assert.Null(preview.UserInfo);
        }

        var audiences = Wire.ClaimsOf(tokens.AccessToken).GetProperty("aud").GetRawText();
        Assert.Equal(audiences.Split("https://map").Length - 1, preview.Introspection.Count);
        foreach (var asked in preview.Introspection)
        {
            Assert.Equal(Form((await host.Party(asked.ClientId).IntrospectAsync(tokens.AccessToken)).OrFail().Json), Form(asked.Answer));
        }
    }

    private static void AssertSame(string issued, PreviewedToken previewed)
    {
        Assert.Equal(Form(Wire.ClaimsOf(issued)), Form(previewed.Claims));
        Assert.Equal(Wire.ClaimsOf(issued).GetProperty("exp").GetInt64() - Wire.ClaimsOf(issued).GetProperty("iat").GetInt64(), previewed.Lifetime);
        foreach (var member in new[] { "typ", "alg" })
        {
            Assert.Equal(Wire.HeaderOf(issued).GetProperty(member).GetString(), previewed.Header[member]!.GetValue<string>());
        }

        // A hash of the token that there is not, and what the client would send.
        Assert.Equal(
            Wire.ClaimsOf(issued).EnumerateObject().Select(claim => claim.Name).Except(["at_hash", "nonce"]).Order(StringComparer.Ordinal),
            previewed.Claims.Select(claim => claim.Key).Order(StringComparer.Ordinal));
    }

    // The same claims are the same text.
    private static string Form(JsonElement claims) => Form(JsonNode.Parse(claims.GetRawText())!.AsObject());

    private static string Form(JsonObject claims) => string.Join(
        '\n', claims.Where(claim => !ofEachToken.Contains(claim.Key)).OrderBy(claim => claim.Key, StringComparer.Ordinal).Select(claim => $"{claim.Key} = {claim.Value?.ToJsonString()}"));

    private sealed class Departments(ConcurrentBag<(ClaimsTarget Target, bool IsPreview)> asked) : IClaimsContributor
    {
        public ValueTask<IReadOnlyCollection<ContributedClaim>> ContributeAsync(ClaimsContext context, CancellationToken cancellationToken)
        {
            asked.Add((context.Target, context.IsPreview));
            return new([new("departments", [context.Subject, context.Target.ToString()])]);
        }
    }
}
