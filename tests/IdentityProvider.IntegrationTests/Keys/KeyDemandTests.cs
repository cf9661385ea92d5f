using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Authorize;
using IdentityProvider.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Keys;

/// <summary>Keys are there for the algorithms that somebody asked for, on every node one and the same. Checklist rows JW1 to JW7.</summary>
public sealed class KeyDemandTests(SharedProviders providers)
{
    // JW1 to JW5: RFC 7517 §4, RFC 7518 §3.4, §6
    [Theory, OnEachDatabase]
    public async Task With_every_algorithm_registered_each_has_a_key_of_its_own_kind(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await FrontChannelClients.HybridAsync(host);

        var keys = await KeysAsync(host);

        Assert.Equal(FrontChannelClients.Algorithms.Order(StringComparer.Ordinal), keys.Select(key => Member(key, "alg")).Order(StringComparer.Ordinal));
        Assert.Distinct(keys.Select(key => Member(key, "kid")));
        Assert.All(keys, key =>
        {
            Assert.Empty(key.EnumerateObject().Select(member => member.Name).Intersect(["d", "p", "q", "dp", "dq", "qi", "k"]));
            Assert.Equal("sig", Member(key, "use"));
            var kind = Member(key, "alg") switch
            {
                "ES256" => "EC P-256",
                "ES384" => "EC P-384",
                "ES512" => "EC P-521",
                _ => "RSA 256",
            };
            Assert.Equal(kind, Member(key, "kty") == "RSA"
                ? $"RSA {System.Buffers.Text.Base64Url.DecodeFromChars(Member(key, "n")).Length}"
                : $"EC {Member(key, "crv")}");
        });
    }

    [Theory, OnEachDatabase] // JW6: OpenID Connect Core §10.1.1
    public async Task Every_key_rotates_and_what_the_old_one_signed_still_counts(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var client = await FrontChannelClients.SignedAsync(host, "PS384");
        var person = await host.NewPersonAsync();
        using var browser = host.NewBrowser();
        var before = (await client.SignInAsync(browser, person)).IdToken;

        await OnAsync<KeyRotation>(host, rotation => rotation.RotateAsync(CancellationToken.None));
        await Eventually.TrueAsync(async () => (await KeysAsync(host)).Count == 18);
        Assert.Equal(Kid(before), Kid((await client.SignInAsync(browser, person)).IdToken));
        host.Clock.Advance(TimeSpan.FromHours(25));
        await Eventually.TrueAsync(async () => Kid((await client.SignInAsync(person)).IdToken) != Kid(before));

        var after = await client.SignInAsync(browser, person);
        await IdTokenCheck.VerifySignatureAsync(host, after.IdToken, "PS384");
        await IdTokenCheck.VerifySignatureAsync(host, before, "PS384");
        Assert.Equal(18, (await KeysAsync(host)).Count);
        // The old hint is genuine still: it ends the session without a question.
        await browser.OpenAsync($"/connect/logout?id_token_hint={before}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(after.AccessToken)).Status);
    }

    [Theory, OnEachDatabase]
    public async Task A_key_in_wrong_hands_is_replaced_whatever_it_signed_with(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await FrontChannelClients.HybridAsync(host);
        var before = (await KeysAsync(host)).Select(key => Member(key, "kid")).ToList();

        await OnAsync<KeyRotation>(host, rotation => rotation.ReplaceNowAsync(CancellationToken.None));

        await Eventually.TrueAsync(async () => !(await KeysAsync(host)).Select(key => Member(key, "kid")).Intersect(before).Any());
        Assert.Equal(9, (await KeysAsync(host)).Count);
    }

    // First use: also when whoever registered the algorithm died before the key was made.
    [Theory, OnEachDatabase]
    public async Task Many_requests_on_two_nodes_that_miss_a_key_make_one(TestDatabase database)
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        await using var other = await node.StartSecondNodeAsync();

        var used = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => Task.Run(async () =>
            await (number % 2 == 0 ? node : other).Services.GetRequiredService<SignatureKeys>().GetAsync("PS512", CancellationToken.None))));

        Assert.Single(used.Select(credentials => credentials.Kid).Distinct());
        await OnAsync<AppDbContext>(node, async db => Assert.Equal(1, await db.Set<SigningKey>().CountAsync(key => key.Algorithm == "PS512")));
    }

    [Theory, OnEachDatabase]
    public async Task A_missing_key_is_made_for_the_first_answer_that_needs_it(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var client = await FrontChannelClients.SignedAsync(host, "ES512");
        await OnAsync<AppDbContext>(host, db => db.Set<SigningKey>().Where(key => key.Algorithm == "ES512").ExecuteDeleteAsync());
        host.Services.GetRequiredService<KeyRing>().Forget();
        await host.Services.GetRequiredService<KeyRing>().RefreshAsync(CancellationToken.None);

        var tokens = await client.SignInAsync(await host.NewPersonAsync());

        await IdTokenCheck.VerifySignatureAsync(host, tokens.IdToken, "ES512");
        await IdTokenCheck.VerifySignatureAsync(host, (await client.UserInfoAsync(tokens.AccessToken)).OrFail().Body, "ES512");
    }

    [Theory, OnEachDatabase]
    public async Task A_client_that_is_registered_otherwise_gets_its_key_too(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });

        await OnAsync<ClientRegistry>(host, async clients => Assert.IsType<ClientChange.Created>(await clients.CreateAsync(
            "late", ClientMetadata.FromJson($$"""{ "redirect_uris": ["{{RedirectUri}}"], "userinfo_signed_response_alg": "RS512" }"""),
            "late-secret-00000000000000000000000000000000", CancellationToken.None)));

        Assert.Contains(await KeysAsync(host), key => Member(key, "alg") == "RS512");
    }

    // RFC 9068 §2.1: an API may ask for what its library can verify.
    [Theory]
    [OnEachDatabase("RS384"), OnEachDatabase("PS256"), OnEachDatabase("ES512")]
    public async Task An_access_token_is_signed_as_its_resource_asks(TestDatabase database, string algorithm)
    {
        var host = await providers.OnAsync(database);
        var name = $"special-{algorithm}";
        await host.ApplyAsync($$"""
            {
              "resources": [{ "identifier": "https://{{name}}.example", "access_token_signed_response_alg": "{{algorithm}}" }],
              "scopes": [{ "name": "{{name}}", "description": "Special", "resources": ["https://{{name}}.example"] }],
              "clients": [{
                "client_id": "{{name}}", "client_secret": "special-secret-0000000000000000000000000000000", "grant_types": ["client_credentials"], "scope": "{{name}}"
              }]
            }
            """);
        var client = new RelyingParty(host, name, "special-secret-0000000000000000000000000000000", null, AuthenticationBy.Basic);

        var token = (await client.ClientCredentialsAsync(name)).OrFail().AccessToken;

        await IdTokenCheck.VerifySignatureAsync(host, token, algorithm);
        Assert.Equal("at+jwt", Wire.HeaderOf(token).GetProperty("typ").GetString());
        Assert.True((await client.IntrospectAsync(token)).Json.GetProperty("active").GetBoolean());
    }

    private static async Task<List<JsonElement>> KeysAsync(ProviderHost host) =>
        [.. (await host.Http.GetFromJsonAsync<JsonElement>(".well-known/jwks")).GetProperty("keys").EnumerateArray()];

    private static string Member(JsonElement key, string name) => key.GetProperty(name).GetString()!;

    private static string Kid(string token) => Wire.HeaderOf(token).GetProperty("kid").GetString()!;

    private static async Task OnAsync<T>(ProviderHost host, Func<T, Task> action) where T : notnull
    {
        await using var scope = host.Services.CreateAsyncScope();
        await action(scope.ServiceProvider.GetRequiredService<T>());
    }
}
