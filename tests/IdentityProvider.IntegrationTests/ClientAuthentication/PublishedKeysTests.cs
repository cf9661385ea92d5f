using System.Net;
using System.Text.Json.Nodes;
using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.IntegrationTests.ClientAuthentication;

/// <summary>Keys at a client's <c>jwks_uri</c> (OpenID Connect Core §10.1.1). Checklist row CA22.</summary>
public sealed class PublishedKeysTests(KeyServerProviders providers) : IClassFixture<KeyServerProviders>, IAsyncLifetime
{
    private KeyServer website = null!;

    public async ValueTask InitializeAsync() => website = await KeyServer.StartAsync();

    public ValueTask DisposeAsync() => website.DisposeAsync();

    [Theory, OnEachDatabase]
    public async Task Published_keys_are_read_once_and_kept_for_ten_minutes(TestDatabase database)
    {
        var (host, client) = await PublishAsync(database, new ClientKey());

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.ClientCredentialsAsync()).Status);
        }

        Assert.Equal(1, website.Requests);
        host.Clock.Advance(PublishedKeys.FreshFor);
        (await client.ClientCredentialsAsync()).OrFail();
        Assert.Equal(2, website.Requests);
    }

    [Theory, OnEachDatabase("key-2"), OnEachDatabase("key-1"), OnEachDatabase([null])] // CA22: a new name, the old name, no name
    public async Task A_client_changes_its_keys_whenever_it_likes(TestDatabase database, string? kid)
    {
        var (host, client) = await PublishAsync(database, new ClientKey());
        (await client.ClientCredentialsAsync()).OrFail();
        host.Clock.Advance(PublishedKeys.Pause);

        var key = new ClientKey(keyId: kid);
        website.Publish(key);

        Assert.Equal(HttpStatusCode.OK, (await client.With(key).ClientCredentialsAsync()).Status);
        (await client.ClientCredentialsAsync()).AssertRefused("No key of this client");
    }

    [Theory, OnEachDatabase] // CA22: anybody can send an unknown kid, and must not make us call others as often as they like
    public async Task Unknown_keys_cause_one_call_in_ten_seconds(TestDatabase database)
    {
        var (host, client) = await PublishAsync(database, new ClientKey());
        (await client.ClientCredentialsAsync()).OrFail();
        host.Clock.Advance(PublishedKeys.Pause);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
            (await client.With(new ClientKey(keyId: $"unknown-{i}")).ClientCredentialsAsync()).AssertRefused("No key of this client")));
        for (var i = 0; i < 5; i++)
        {
            (await client.With(new ClientKey(keyId: "unknown")).ClientCredentialsAsync()).AssertRefused("No key of this client");
        }

        Assert.Equal(2, website.Requests);
        // Meanwhile whoever has the key goes on.
        Assert.Equal(HttpStatusCode.OK, (await client.ClientCredentialsAsync()).Status);
    }

    [Theory, OnEachDatabase]
    public async Task Many_requests_wait_for_one_call(TestDatabase database)
    {
        var (_, client) = await PublishAsync(database, new ClientKey());
        var published = website.Answer;
        var gate = new TaskCompletionSource();
        website.Answer = async context =>
        {
            await gate.Task;
            await published(context);
        };

        var answers = Enumerable.Range(0, 8).Select(_ => client.ClientCredentialsAsync()).ToList();
        await Eventually.TrueAsync(() => Task.FromResult(website.Requests > 0));
        gate.SetResult();

        Assert.All(await Task.WhenAll(answers), answer => Assert.True(answer.Succeeded, answer.ToString()));
        Assert.Equal(1, website.Requests);
    }

    [Theory, OnEachDatabase]
    public async Task A_website_that_is_down_does_not_lock_its_client_out_at_once(TestDatabase database)
    {
        var (host, client) = await PublishAsync(database, new ClientKey());
        (await client.ClientCredentialsAsync()).OrFail();
        website.Answer = context => Status(context, 503);

        host.Clock.Advance(PublishedKeys.UsableFor - TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await client.ClientCredentialsAsync()).Status);

        host.Clock.Advance(TimeSpan.FromMinutes(2));
        (await client.ClientCredentialsAsync()).AssertRefused("The jwks_uri of this client could not be read.");
    }

    [Theory] // What comes is not trusted.
    [OnEachDatabase(""), OnEachDatabase("<html>"), OnEachDatabase("null"), OnEachDatabase("[]"), OnEachDatabase("17"), OnEachDatabase("{\"keys\":17}"), OnEachDatabase("{\"keys\":[null]}")]
    [OnEachDatabase("{}"), OnEachDatabase("{\"keys\":[]}"), OnEachDatabase("{\"keys\":[{}]}"), OnEachDatabase("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"?\",\"y\":\"?\"}]}")]
    [OnEachDatabase("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\"}]}"), OnEachDatabase("{\"keys\":[{\"kty\":\"RSA\",\"n\":5,\"e\":{}}]}")]
    public async Task A_malformed_set_is_refused_and_nothing_breaks(TestDatabase database, string body)
    {
        var (host, client) = await PublishAsync(database, new ClientKey());
        website.Publish(body);

        (await client.ClientCredentialsAsync()).AssertRefused("");

        // It gets better by itself.
        host.Clock.Advance(PublishedKeys.Pause);
        var key = new ClientKey();
        website.Publish(key);
        Assert.Equal(HttpStatusCode.OK, (await client.With(key).ClientCredentialsAsync()).Status);
    }

    [Theory, OnEachDatabase]
    public async Task A_set_too_long_is_not_read(TestDatabase database)
    {
        var key = new ClientKey();
        var (host, client) = await PublishAsync(database, key);
        website.Publish(ClientKey.SetOf(key) + new string(' ', 64 * 1024));

        (await client.ClientCredentialsAsync()).AssertRefused("could not be read");

        // Without a Content-Length, and without an end.
        host.Clock.Advance(PublishedKeys.Pause);
        website.Answer = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync(new string(' ', 4096), context.RequestAborted);
            }
        };
        (await client.ClientCredentialsAsync()).AssertRefused("could not be read");
    }

    [Theory, OnEachDatabase]
    public async Task An_answer_that_does_not_end_is_not_waited_for(TestDatabase database)
    {
        var (_, client) = await PublishAsync(database, new ClientKey());
        website.Answer = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);

        var before = TimeProvider.System.GetTimestamp();
        (await client.ClientCredentialsAsync()).AssertRefused("could not be read");

        Assert.True(TimeProvider.System.GetElapsedTime(before) < TimeSpan.FromSeconds(15));
    }

    [Theory, OnEachDatabase]
    public async Task A_redirect_is_not_followed(TestDatabase database)
    {
        var key = new ClientKey();
        var (host, client) = await PublishAsync(database, key);
        var published = website.Answer;
        website.Answer = context =>
        {
            if (context.Request.Path == "/elsewhere")
            {
                return published(context);
            }

            context.Response.Headers.Location = website.Address(path: "/elsewhere");
            return Status(context, 302);
        };

        (await client.ClientCredentialsAsync()).AssertRefused("could not be read");

        Assert.Equal(1, website.Requests);
        await AssertToldAsync(host, client, "302");
    }

    [Theory, OnEachDatabase]
    public async Task Keys_that_are_secret_or_should_have_been_are_no_keys(TestDatabase database)
    {
        var (exposed, weak, encryption) = (new ClientKey(keyId: "exposed"), new ClientKey("RS256", "weak", rsaSize: 1024), new ClientKey(keyId: "encryption"));
        var (_, client) = await PublishAsync(database, exposed);
        var forEncryption = encryption.PublicJwk;
        forEncryption["use"] = "enc";
        var shared = new JsonObject { ["kty"] = "oct", ["k"] = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA", ["kid"] = "shared" };
        website.Publish(ClientKey.SetOf([exposed.PrivateJwk, weak.PublicJwk, forEncryption, shared]));

        foreach (var key in new[] { exposed, weak, encryption })
        {
            (await client.With(key).ClientCredentialsAsync()).AssertRefused("No key of this client");
        }
    }

    [Theory, OnEachDatabase] // The reason is for the operator, not for whoever asks.
    public async Task A_failure_is_told_to_the_operator_only(TestDatabase database)
    {
        var (host, client) = await PublishAsync(database, new ClientKey());
        website.Answer = context => Status(context, 418);

        var answer = await client.ClientCredentialsAsync();

        answer.AssertRefused("The jwks_uri of this client could not be read.");
        Assert.DoesNotContain("418", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(KeyServer.Host, answer.Body, StringComparison.Ordinal);
        await AssertToldAsync(host, client, "418");
    }

    private async Task<(ProviderHost Host, RelyingParty Client)> PublishAsync(TestDatabase database, ClientKey key)
    {
        var host = await providers.OnAsync(database);
        website.Publish(key);
        // An address of its own: what is kept is kept by address.
        return (host, await host.NewPublisherAsync(key, website.Address(path: "/" + Wire.RandomText(6))));
    }

    private static async Task AssertToldAsync(ProviderHost host, RelyingParty client, string reason)
    {
        Assert.Contains(host.Log.Entries, entry => entry.Level == LogLevel.Warning
            && entry.Text.Contains(client.ClientId, StringComparison.Ordinal) && entry.Text.Contains(reason, StringComparison.Ordinal));
        await host.Services.GetRequiredService<AuditLog>().FlushAsync(CancellationToken.None);
        await using var scope = host.Services.CreateAsyncScope();
        var recorded = await scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<AuditEvent>()
            .SingleAsync(row => row.Type == AuditEventType.ClientKeysUnreadable && row.ClientId == client.ClientId);
        Assert.Contains(reason, recorded.Reason, StringComparison.Ordinal);
    }

    private static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
