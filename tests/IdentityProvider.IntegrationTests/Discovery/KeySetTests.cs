using System.Buffers.Text;
using System.Net;
using System.Text.Json;

namespace IdentityProvider.IntegrationTests.Discovery;

/// <summary>The published keys (RFC 7517). Checklist rows JW1 to JW7; rotation is tested with the keys.</summary>
public sealed class KeySetTests(SharedProviders providers)
{
    [Theory, OnEachDatabase] // JW1, JW5, JW7
    public async Task The_key_set_has_keys_for_both_algorithms_and_may_be_kept_for_a_while(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        var answer = await ProtocolResponse.ReadAsync(await host.Http.GetAsync(".well-known/jwks"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains(Keys(answer), key => key.GetProperty("alg").GetString() == "RS256");
        Assert.Contains(Keys(answer), key => key.GetProperty("alg").GetString() == "ES256");
        var maxAge = System.Net.Http.Headers.CacheControlHeaderValue.Parse(answer.Headers["Cache-Control"]).MaxAge;
        Assert.InRange(maxAge!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
    }

    [Theory, OnEachDatabase] // JW2, JW3, JW4
    public async Task Every_key_is_public_strong_and_named(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        var keys = Keys(await ProtocolResponse.ReadAsync(await host.Http.GetAsync(".well-known/jwks"))).ToList();

        Assert.Distinct(keys.Select(key => key.GetProperty("kid").GetString()));
        Assert.All(keys, key =>
        {
            Assert.DoesNotContain(key.EnumerateObject(), member => member.Name is "d" or "p" or "q" or "dp" or "dq" or "qi" or "k");
            Assert.Equal("sig", key.GetProperty("use").GetString());
            Assert.False(string.IsNullOrWhiteSpace(key.GetProperty("kid").GetString()));
            if (key.GetProperty("kty").GetString() == "RSA")
            {
                Assert.Matches("^[RP]S(256|384|512)$", key.GetProperty("alg").GetString()!);
                Assert.Equal(256, Base64Url.DecodeFromChars(key.GetProperty("n").GetString()).Length);
            }
            else
            {
                Assert.Equal("EC", key.GetProperty("kty").GetString());
                Assert.Contains($"{key.GetProperty("crv").GetString()} {key.GetProperty("alg").GetString()}", new[] { "P-256 ES256", "P-384 ES384", "P-521 ES512" });
            }
        });
    }

    [Theory, OnEachDatabase]
    public async Task A_restart_keeps_the_keys(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        var before = await host.Http.GetStringAsync(".well-known/jwks");

        await host.RestartAsync();

        Assert.Equal(before, await host.Http.GetStringAsync(".well-known/jwks"));
    }

    private static IEnumerable<JsonElement> Keys(ProtocolResponse answer) => answer.Json.GetProperty("keys").EnumerateArray();
}
