using System.Net.Http.Json;
using System.Text.Json;
using IdentityProvider.Data;
using IdentityProvider.Keys;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Xunit;

namespace IdentityProvider.IntegrationTests.Keys;

public sealed class KeyRotationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory] // JW6: OpenID Connect Core §10.1.1
    [OnEachDatabase]
    public async Task Keys_rotate_by_themselves_on_every_node_without_a_restart(TestDatabase database)
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await using var other = await node.StartSecondNodeAsync();
        var first = await SigningKidAsync(node);
        Assert.Equal(first, await SigningKidAsync(other));
        Assert.Equal(2, (await PublishedAsync(node)).Count);

        // A day before the first keys have signed for 90 days, their successors are published.
        node.Clock.Advance(TimeSpan.FromDays(89.1));
        await UntilAsync(async () => (await PublishedAsync(node)).Count == 4 && (await PublishedAsync(other)).Count == 4);
        Assert.Equal(first, await SigningKidAsync(node));

        // A day after that they sign; what the old ones signed is still accepted.
        node.Clock.Advance(TimeSpan.FromDays(1.1));
        await UntilAsync(async () => await SigningKidAsync(node) != first && await SigningKidAsync(other) != first);
        var second = await SigningKidAsync(node);
        Assert.Equal(second, await SigningKidAsync(other));
        Assert.Contains(first, await PublishedAsync(other));

        // And a month later the old ones are gone.
        node.Clock.Advance(TimeSpan.FromDays(31));
        await UntilAsync(async () => (await PublishedAsync(node)).Count == 2 && (await PublishedAsync(other)).Count == 2);
        Assert.DoesNotContain(first, await PublishedAsync(node));
        Assert.Equal(second, await SigningKidAsync(other));
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_token_signed_at_one_node_before_a_rotation_verifies_at_the_other_after_it(TestDatabase database)
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await using var other = await node.StartSecondNodeAsync();
        var token = (await node.RelyingParty(StandardDeclaration.Machine).ClientCredentialsAsync("orders")).OrFail().AccessToken;

        node.Clock.Advance(TimeSpan.FromMinutes(1));
        await OnAsync<KeyRotation>(node, rotation => rotation.RotateAsync(CancellationToken.None));
        await UntilAsync(async () => (await PublishedAsync(other)).Count == 4);

        var introspection = await other.RelyingParty(StandardDeclaration.Api).IntrospectAsync(token);
        Assert.True(introspection.Json.GetProperty("active").GetBoolean());
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_key_in_wrong_hands_is_replaced_at_once_and_what_it_signed_is_void(TestDatabase database)
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await using var other = await node.StartSecondNodeAsync();
        var before = await PublishedAsync(node);
        var token = (await node.RelyingParty(StandardDeclaration.Machine).ClientCredentialsAsync("orders")).OrFail().AccessToken;

        await OnAsync<KeyRotation>(node, rotation => rotation.ReplaceNowAsync(CancellationToken.None));
        await UntilAsync(async () => !(await PublishedAsync(other)).Overlaps(before) && !(await PublishedAsync(node)).Overlaps(before));

        Assert.Equal(2, (await PublishedAsync(other)).Count);
        var introspection = await other.RelyingParty(StandardDeclaration.Api).IntrospectAsync(token);
        Assert.False(introspection.Json.GetProperty("active").GetBoolean());
    }

    [Theory]
    [OnEachDatabase]
    public async Task Many_rotations_at_once_make_one_successor_of_each_key(TestDatabase database)
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        node.Clock.Advance(TimeSpan.FromSeconds(1));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            OnAsync<KeyRotation>(node, rotation => rotation.RotateAsync(CancellationToken.None)))));

        await OnAsync<AppDbContext>(node, async db =>
        {
            var keys = await db.Set<SigningKey>().Select(key => new { key.Algorithm, key.Generation }).ToListAsync();
            Assert.Equal(["ES256 1", "ES256 2", "RS256 1", "RS256 2"], keys.Select(key => $"{key.Algorithm} {key.Generation}").Order(StringComparer.Ordinal));
        });
    }

    [Fact] // RFC 7517 §4, RFC 7638
    public async Task The_key_set_holds_public_keys_only_under_their_thumbprints()
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Declaration = null });

        var keys = (await node.Http.GetFromJsonAsync<JsonElement>(".well-known/jwks")).GetProperty("keys").EnumerateArray().ToList();

        Assert.Equal(["ES256", "RS256"], keys.Select(key => key.GetProperty("alg").GetString()));
        Assert.All(keys, key =>
        {
            var parsed = new Microsoft.IdentityModel.Tokens.JsonWebKey(key.GetRawText());
            Assert.Equal(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(parsed.ComputeJwkThumbprint()), parsed.Kid);
            Assert.Equal("sig", parsed.Use);
            Assert.False(parsed.HasPrivateKey);
        });
    }

    [Fact]
    public async Task Private_keys_lie_in_the_database_wrapped_and_so_do_the_keys_that_wrap_them()
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Declaration = null });

        await OnAsync<AppDbContext>(node, async db =>
        {
            // The header of every Data Protection payload, base64.
            Assert.All(await db.Set<SigningKey>().ToListAsync(), key => Assert.StartsWith("CfDJ8", key.ProtectedKey, StringComparison.Ordinal));
            var protection = Assert.Single(await db.DataProtectionKeys.ToListAsync());
            Assert.Contains("X509Certificate", protection.Xml, StringComparison.Ordinal);
            Assert.DoesNotContain("<masterKey", protection.Xml, StringComparison.Ordinal);
        });
    }

    private static async Task<string> SigningKidAsync(ProviderHost node)
    {
        var token = (await node.RelyingParty(StandardDeclaration.Machine).ClientCredentialsAsync("orders")).OrFail().AccessToken;
        return new JsonWebToken(token).Kid;
    }

    private static async Task<HashSet<string>> PublishedAsync(ProviderHost node) =>
        (await node.Http.GetFromJsonAsync<JsonElement>(".well-known/jwks")).GetProperty("keys").EnumerateArray()
            .Select(key => key.GetProperty("kid").GetString()!).ToHashSet(StringComparer.Ordinal);

    private static async Task OnAsync<T>(ProviderHost node, Func<T, Task> action) where T : notnull
    {
        await using var scope = node.Services.CreateAsyncScope();
        await action(scope.ServiceProvider.GetRequiredService<T>());
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
