using System.Diagnostics;
using System.Net;
using IdentityProvider.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using static IdentityProvider.Testing.StandardDeclaration;

namespace IdentityProvider.IntegrationTests.Sessions;

/// <summary>A database that is away for a while: who asks is told to come back, the log is not flooded, and nobody restarts anything.</summary>
public sealed class DatabaseAwayTests
{
    [Fact]
    public async Task Ten_seconds_without_PostgreSQL_are_503_with_Retry_After_and_then_over()
    {
        Installed.Require(TestDatabase.PostgreSql);
        await using var storage = await TestStorage.CreateAsync(TestDatabase.PostgreSql);
        var real = new NpgsqlConnectionStringBuilder(storage.ConnectionString);
        await using var way = new CuttableConnection(real.Host!, real.Port);
        way.Restore();
        var through = new NpgsqlConnectionStringBuilder(storage.ConnectionString) { Host = "127.0.0.1", Port = way.Port };
        await using var host = await ProviderHost.StartAsync(new ProviderSettings
        {
            Database = TestDatabase.PostgreSql,
            Configuration = new Dictionary<string, string?>(storage.Settings) { ["IdentityProvider:Database:ConnectionString"] = through.ConnectionString },
            Services = KeepOnlyErrors,
        });
        var portal = host.RelyingParty(Portal);
        using var browser = host.NewBrowser();
        var tokens = await portal.SignInAsync(browser, Alice, AlicePassword, "openid");
        // More than one connection is open when the way is cut.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => portal.UserInfoAsync(tokens.AccessToken)));

        await way.CutAsync();
        var away = Stopwatch.StartNew();
        var requests = 0;
        while (away.Elapsed < TimeSpan.FromSeconds(10))
        {
            AssertToldToRetry(await portal.RefreshAsync(tokens.RefreshToken));
            AssertToldToRetry(await portal.UserInfoAsync(tokens.AccessToken));
            AssertToldToRetry(await host.RelyingParty(Api).IntrospectAsync(tokens.AccessToken));
            await AssertShownAsync(browser, "/account");
            await AssertShownAsync(browser, portal.NewRequest().Url);
            requests += 5;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        way.Restore();

        tokens = (await portal.RefreshAsync(tokens.RefreshToken)).OrFail();
        (await portal.UserInfoAsync(tokens.AccessToken)).OrFail();
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/account")).Status);
        using var another = host.NewBrowser();
        (await portal.SignInAsync(another, Bob, BobPassword)).OrFail();
        Assert.True(requests > 50, $"{requests} requests");
        AssertToldOnce(host);
    }

    [Fact]
    public async Task A_SQLite_file_that_somebody_else_writes_for_too_long_is_503_for_writers_only()
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = TestDatabase.Sqlite, Services = KeepOnlyErrors });
        var portal = host.RelyingParty(Portal);
        using var browser = host.NewBrowser();
        var tokens = await portal.SignInAsync(browser, Alice, AlicePassword, "openid");
        await using var other = new SqliteConnection(host.Storage.ConnectionString);
        await other.OpenAsync();

        await using (var transaction = await other.BeginTransactionAsync())
        {
            await using var write = other.CreateCommand();
            write.Transaction = (SqliteTransaction)transaction;
            write.CommandText = "UPDATE Sessions SET EndedAt = EndedAt";
            await write.ExecuteNonQueryAsync();
            var waited = Stopwatch.StartNew();
            var refresh = portal.RefreshAsync(tokens.RefreshToken);
            using var another = host.NewBrowser();
            var form = await another.OpenAsync("/login");
            var signIn = another.PressAsync(form, "login-submit", new Dictionary<string, string> { ["username"] = Bob, ["password"] = BobPassword });

            // Readers do not wait for writers.
            Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/account")).Status);
            (await portal.UserInfoAsync(tokens.AccessToken)).OrFail();
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(8), $"{waited.Elapsed}");

            AssertToldToRetry(await refresh);
            AssertShown(await signIn);
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(25), $"{waited.Elapsed}");
            await transaction.RollbackAsync();
        }

        (await portal.RefreshAsync(tokens.RefreshToken)).OrFail();
        using var third = host.NewBrowser();
        (await portal.SignInAsync(third, Bob, BobPassword)).OrFail();
        AssertToldOnce(host);
    }

    // The log under test keeps a few thousand lines; what hundreds of requests tell otherwise would push out what is looked for.
    private static void KeepOnlyErrors(IServiceCollection services) =>
        services.AddLogging(logging => logging.AddFilter<TestLog>(level => level >= LogLevel.Error));

    private static void AssertToldToRetry(ProtocolResponse answer)
    {
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "temporarily_unavailable", "5"),
            (answer.Status, answer.Error, answer.Headers.GetValueOrDefault("Retry-After")));
        Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.DoesNotContain("Npgsql", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", answer.Body, StringComparison.Ordinal);
    }

    private static async Task AssertShownAsync(Browser browser, string url) => AssertShown(await browser.GetAsync(url));

    private static void AssertShown(Page page)
    {
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "5"), (page.Status, page.Headers.GetValueOrDefault("Retry-After")));
        Assert.Equal("This service is briefly not available", page.TextOf("error-title"));
    }

    private static void AssertToldOnce(ProviderHost host)
    {
        var told = host.Log.Errors.Where(entry => entry.Category == typeof(Outages).FullName).ToList();
        Assert.Single(told);
        Assert.DoesNotContain(host.Log.Errors, entry => entry.Category.Contains("ExceptionHandler", StringComparison.Ordinal) || entry.Category.Contains("Kestrel", StringComparison.Ordinal));
        // Each job may say once that it fails.
        Assert.True(host.Log.Errors.Count() < 25, string.Join('\n', host.Log.Errors.Select(entry => entry.Category)));
    }
}
