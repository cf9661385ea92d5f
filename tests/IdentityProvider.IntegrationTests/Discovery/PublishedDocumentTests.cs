using System.Net;
using IdentityProvider.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Discovery;

/// <summary>Discovery and the key set are kept in memory; nobody can tell but by the clock.</summary>
public sealed class PublishedDocumentTests
{
    private static readonly string[] paths = [".well-known/openid-configuration", ".well-known/oauth-authorization-server", ".well-known/jwks"];

    [Theory, OnEachDatabase]
    public async Task What_is_kept_is_what_would_be_made(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new() { Database = database });
        foreach (var path in paths)
        {
            var first = await ReadAsync(host, HttpMethod.Get, path);
            var kept = await ReadAsync(host, HttpMethod.Get, path);
            // With a query nothing is kept.
            var made = await ReadAsync(host, HttpMethod.Get, path + "?made=anew");

            Assert.Equal(first, kept);
            Assert.Equal(made, kept);
            Assert.Contains("public, max-age=3600", kept.Headers, StringComparison.Ordinal);
            Assert.Contains("Access-Control-Allow-Origin: *", kept.Headers, StringComparison.Ordinal);
            Assert.Contains("X-Content-Type-Options: nosniff", kept.Headers, StringComparison.Ordinal);

            var head = await ReadAsync(host, HttpMethod.Head, path);
            Assert.Equal((kept.Headers, ""), (head.Headers, head.Body));
        }
    }

    [Theory, OnEachDatabase]
    public async Task New_keys_are_published_at_once(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new() { Database = database });
        var before = await ReadAsync(host, HttpMethod.Get, paths[2]);
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<KeyRotation>().ReplaceNowAsync(TestContext.Current.CancellationToken);
        }

        host.Services.GetRequiredService<KeyRing>().Forget();
        await host.Services.GetRequiredService<KeyRing>().RefreshAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(before.Body, (await ReadAsync(host, HttpMethod.Get, paths[2])).Body);
    }

    [Theory, OnEachDatabase]
    public async Task A_new_scope_is_told_at_once(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new() { Database = database });
        Assert.DoesNotContain("\"swiftly\"", (await ReadAsync(host, HttpMethod.Get, paths[0])).Body, StringComparison.Ordinal);

        await host.ApplyAsync("""{"scopes":[{"name":"swiftly","description":"Be quick"}]}""");

        Assert.All(
            await Task.WhenAll(paths[..2].Select(path => ReadAsync(host, HttpMethod.Get, path))),
            document => Assert.Contains("\"swiftly\"", document.Body, StringComparison.Ordinal));
    }

    private static async Task<(string Headers, string Body)> ReadAsync(ProviderHost host, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", "https://elsewhere.example");
        using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var headers = response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal);
        return (string.Join('\n', headers), await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
