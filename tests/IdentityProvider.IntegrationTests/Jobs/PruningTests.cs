using IdentityProvider.Authorize;
using IdentityProvider.Data;
using IdentityProvider.Jobs;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityProvider.IntegrationTests.Jobs;

public sealed class PruningTests
{
    [Theory]
    [OnEachDatabase]
    public async Task What_can_no_longer_be_used_disappears_by_itself_and_nothing_else(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        var portal = provider.RelyingParty(StandardDeclaration.Portal);
        var online = await portal.SignInAsync(StandardDeclaration.Alice, StandardDeclaration.AlicePassword);
        var offline = await portal.SignInAsync(StandardDeclaration.Alice, StandardDeclaration.AlicePassword, "openid offline_access");
        using (var browser = provider.NewBrowser())
        {
            await browser.OpenAsync(portal.NewRequest().Url);
        }

        var before = await CountAsync(provider);
        Assert.Equal((Requests: 3, Grants: 2), (before.Requests, before.Grants));

        // After two days and more: requests, answered or not, and codes are gone; so is the grant that ended with its session, but not the one that can still be refreshed.
        provider.Clock.Advance(TimeSpan.FromDays(2.1));
        await RunAllAsync(provider);
        var later = await CountAsync(provider);
        Assert.Equal((Requests: 0, Grants: 1), (later.Requests, later.Grants));
        Assert.True(later.Tokens < before.Tokens);
        Assert.NotEmpty((await portal.RefreshAsync(offline.RefreshToken!)).OrFail().AccessToken);

        // When the last refresh token has expired, its grant goes too.
        provider.Clock.Advance(TimeSpan.FromDays(200));
        await RunAllAsync(provider);
        Assert.Equal((0, 0, 0), await CountAsync(provider));
        Assert.Equal("invalid_grant", (await portal.RefreshAsync(offline.RefreshToken!)).Error);
        Assert.NotEmpty(online.AccessToken);
    }

    [Theory]
    [OnEachDatabase]
    public async Task Many_rows_go_in_many_short_transactions(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        await using var scope = provider.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var now = provider.Clock.GetUtcNow().UtcDateTime;
        db.AddRange(Enumerable.Range(0, 1300).Select(i => new RevokedAccessToken { Jti = $"jti-{i}", ExpiresAt = now.AddMinutes(i < 1200 ? -1 : 1) }));
        await db.SaveChangesAsync();

        var deleted = await provider.Services.GetRequiredService<Statements>().PruneAsync(
            Pruning.Of("RevokedAccessTokens", "Jti", """ "ExpiresAt" < @now """, "@now"), CancellationToken.None, now);

        Assert.Equal(1200, deleted);
        Assert.Equal(100, await db.Set<RevokedAccessToken>().CountAsync());
    }

    // The runner does the same by its own clockwork; running the jobs here makes the test wait for nothing.
    private static async Task RunAllAsync(ProviderHost provider)
    {
        foreach (var job in provider.Services.GetServices<RecurringJob>().Where(job => job.Name.Contains("prune", StringComparison.Ordinal)))
        {
            await using var scope = provider.Services.CreateAsyncScope();
            await job.RunAsync(scope.ServiceProvider, CancellationToken.None);
        }
    }

    private static async Task<(int Requests, int Grants, int Tokens)> CountAsync(ProviderHost provider)
    {
        await using var scope = provider.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        return (await db.Set<PendingRequest>().CountAsync(), await db.Set<Grant>().CountAsync(), await db.Set<Token>().CountAsync());
    }
}
