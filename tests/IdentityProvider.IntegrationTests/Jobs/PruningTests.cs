using System.Data.Common;
using IdentityProvider.Authorize;
using IdentityProvider.Data;
using IdentityProvider.Grants;
using IdentityProvider.Jobs;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityProvider.IntegrationTests.Jobs;

public sealed class PruningTests
{
    private static readonly OutdatedRows revocations = new("RevokedAccessTokens", key: "Jti", time: "ExpiresAt");

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
        Assert.Contains(provider.Log.Entries, entry => entry.Text.StartsWith("The job grants.prune removed ", StringComparison.Ordinal));
        Assert.Equal("invalid_grant", (await portal.RefreshAsync(offline.RefreshToken!)).Error);
        Assert.NotEmpty(online.AccessToken);
    }

    [Theory]
    [OnEachDatabase]
    public async Task Many_rows_go_in_many_short_transactions(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        await KeepFromPruningAsync(provider);
        var now = provider.Clock.GetUtcNow().UtcDateTime;
        // Half of those that go expired in one moment, half one after the other.
        await AddAsync(provider, Enumerable.Range(0, 1300).Select(i => new RevokedAccessToken
        {
            Jti = $"jti-{i}", ExpiresAt = i < 600 ? now.AddMinutes(-1) : now.AddSeconds(i < 1200 ? -i : i),
        }));
        var statements = new WatchedStatements(provider.Services.GetRequiredService<Statements>());
        using var pruning = new Pruning(statements, TimeProvider.System);

        var deleted = await pruning.PruneAsync(revocations, now, CancellationToken.None);

        Assert.Equal(1200, deleted);
        Assert.Equal(1200, statements.Batches.Sum(batch => batch.Rows));
        Assert.All(statements.Batches, batch => Assert.InRange(batch.Rows, 1, 500));
        Assert.Equal(Enumerable.Range(1200, 100).Select(i => $"jti-{i}"), await ReadAsync(provider, db =>
            db.Set<RevokedAccessToken>().OrderBy(row => row.Jti).Select(row => row.Jti)));
    }

    [Theory]
    [OnEachDatabase]
    public async Task The_first_moment_of_all_has_come_too(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        await KeepFromPruningAsync(provider);
        var beginning = DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);
        await AddAsync(provider, Enumerable.Range(0, 120).Select(i => new RevokedAccessToken { Jti = $"jti-{i}", ExpiresAt = beginning }));
        using var pruning = new Pruning(provider.Services.GetRequiredService<Statements>(), TimeProvider.System);

        var deleted = await pruning.PruneAsync(revocations, provider.Clock.GetUtcNow().UtcDateTime, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(120, deleted);
    }

    [Fact]
    public async Task A_time_that_SQLite_holds_in_other_words_is_no_end_and_no_circle()
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = TestDatabase.Sqlite, Declaration = null });
        await KeepFromPruningAsync(provider);
        var now = provider.Clock.GetUtcNow().UtcDateTime;
        await AddAsync(provider, Enumerable.Range(0, 150).Select(i => new RevokedAccessToken { Jti = $"jti-{i}", ExpiresAt = now.AddMinutes(-i - 1) }));
        await using (var scope = provider.Services.CreateAsyncScope())
        {
            // The product writes no zeros at the end; a tool does.
            await scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.ExecuteSqlAsync(
                $"""UPDATE "RevokedAccessTokens" SET "ExpiresAt" = strftime('%Y-%m-%d %H:%M:', "ExpiresAt") || '00.100'""");
        }

        using var pruning = new Pruning(provider.Services.GetRequiredService<Statements>(), TimeProvider.System);

        var deleted = await pruning.PruneAsync(revocations, now, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(150, deleted);
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_run_that_is_cancelled_stops_after_its_batch(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        await KeepFromPruningAsync(provider);
        var now = provider.Clock.GetUtcNow().UtcDateTime;
        await AddAsync(provider, Enumerable.Range(0, 2000).Select(i => new RevokedAccessToken { Jti = $"jti-{i}", ExpiresAt = now.AddSeconds(-1 - i) }));
        using var stop = new CancellationTokenSource();
        var statements = new WatchedStatements(provider.Services.GetRequiredService<Statements>()) { AfterBatch = stop.Cancel };
        using var pruning = new Pruning(statements, TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pruning.PruneAsync(revocations, now, stop.Token).WaitAsync(TimeSpan.FromSeconds(30)));

        var batch = Assert.Single(statements.Batches);
        Assert.Equal(2000 - batch.Rows, (await ReadAsync(provider, db => db.Set<RevokedAccessToken>().Select(row => row.Jti))).Count);
    }

    [Theory]
    [OnEachDatabase]
    public async Task Grants_that_stay_are_looked_at_once_in_a_run(TestDatabase database)
    {
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        await KeepFromPruningAsync(provider);
        var now = provider.Clock.GetUtcNow().UtcDateTime;
        var grants = Enumerable.Range(0, 1500).Select(i => new Grant { Id = Guid.CreateVersion7(), CreationDate = now.AddDays(-3).AddSeconds(-i / 3) }).ToList();
        var gone = grants.Where((_, i) => i % 300 == 0).Select(grant => grant.Id).ToHashSet();
        await AddAsync(provider, grants);
        await AddAsync(provider, grants.Where(grant => !gone.Contains(grant.Id))
            .Select(grant => new Token { Id = Guid.CreateVersion7(), AuthorizationId = grant.Id, ExpirationDate = now.AddDays(1) }));
        var statements = new WatchedStatements(provider.Services.GetRequiredService<Statements>());
        using var pruning = new Pruning(statements, TimeProvider.System);
        await using var services = new ServiceCollection().AddLogging().AddSingleton(pruning).AddSingleton<TimeProvider>(provider.Clock).BuildServiceProvider();

        await new PruneGrants().RunAsync(services, CancellationToken.None);

        Assert.Equal(gone.Count, statements.Batches.Sum(batch => batch.Rows));
        Assert.Equal(grants.Select(grant => grant.Id).Except(gone).Order(), (await ReadAsync(provider, db => db.Set<Grant>().Select(grant => grant.Id))).Order());
        // Each batch begins where the one before it ended, and none is without a candidate.
        Assert.Equal(statements.Batches.Skip(1).Select(batch => batch.From), statements.Batches.SkipLast(1).Select(batch => batch.To));
        Assert.InRange(statements.Batches.Count, 3, 1500 / 10);
    }

    [Theory]
    [OnEachDatabase]
    public async Task Successors_are_erased_in_short_transactions_faster_than_they_come(TestDatabase database)
    {
        const int due = 3000;
        await using var provider = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = null });
        await provider.Services.GetRequiredService<Leases>().TryTakeAsync("job:grants.erase-successors", TimeSpan.FromHours(1), CancellationToken.None);
        var now = provider.Clock.GetUtcNow().UtcDateTime;
        await AddAsync(provider, Enumerable.Range(0, due + 100).Select(i => new Token
        {
            Id = Guid.CreateVersion7(), Successor = $"seed-{i}", RedemptionDate = i < due ? now.AddMinutes(-1).AddMilliseconds(-i) : now.AddHours(1),
            ExpirationDate = now.AddDays(1),
        }));
        var statements = new WatchedStatements(provider.Services.GetRequiredService<Statements>());
        using var pruning = new Pruning(statements, TimeProvider.System);
        await using var services = new ServiceCollection().AddSingleton(pruning).BuildServiceProvider();

        await new EraseSuccessors(provider.Clock).RunAsync(services, CancellationToken.None);

        Assert.Equal(due, statements.Batches.Sum(batch => batch.Rows));
        Assert.All(statements.Batches, batch => Assert.InRange(batch.Rows, 1, 500));
        Assert.Equal(due, (await ReadAsync(provider, db => db.Set<Token>().Where(token => token.Successor == null).Select(token => token.Id))).Count);
        Assert.Equal(100, (await ReadAsync(provider, db => db.Set<Token>().Where(token => token.Successor != null).Select(token => token.Id))).Count);
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

    // The server's own job would remove the same rows whenever the test takes longer than the job waits after the start.
    private static Task KeepFromPruningAsync(ProviderHost provider) =>
        provider.Services.GetRequiredService<Leases>().TryTakeAsync("job:grants.prune", TimeSpan.FromHours(1), CancellationToken.None);

    private static async Task AddAsync<T>(ProviderHost provider, IEnumerable<T> rows) where T : class
    {
        await using var scope = provider.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        db.AddRange(rows);
        await db.SaveChangesAsync();
    }

    private static async Task<List<T>> ReadAsync<T>(ProviderHost provider, Func<AppDbContext, IQueryable<T>> query)
    {
        await using var scope = provider.Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<AppDbContext>()).ToListAsync();
    }

    /// <summary>The product's own, with a note of each batch.</summary>
    private sealed class WatchedStatements(Statements statements) : Statements
    {
        public List<Batch> Batches { get; } = [];

        public Action AfterBatch { get; init; } = () => { };

        public override ValueTask<List<T>> ReadAllAsync<T>(
            Statement statement, Func<DbDataReader, T> row, CancellationToken cancellationToken, params object?[] values) =>
            statements.ReadAllAsync(statement, row, cancellationToken, values);

        public override List<T> ReadAll<T>(Statement statement, Func<DbDataReader, T> row, params object?[] values) =>
            statements.ReadAll(statement, row, values);

        public override ValueTask<T?> ReadAsync<T>(
            Statement statement, Func<DbDataReader, T> row, CancellationToken cancellationToken, params object?[] values) where T : class =>
            statements.ReadAsync(statement, row, cancellationToken, values);

        public override async Task<T> WriteAsync<T>(Func<StatementWriter, ValueTask<T>> work, CancellationToken cancellationToken)
        {
            var result = await statements.WriteAsync(writer => work(new Writer(writer, Batches)), cancellationToken);
            AfterBatch();
            return result;
        }

        /// <param name="From">The moment and the key behind which it begins; of the first, none.</param>
        /// <param name="To">Those of its last candidate.</param>
        public sealed record Batch((object? Time, object? Key) From, (object? Time, object? Key) To, int Rows);

        private sealed class Writer(StatementWriter writer, List<Batch> batches) : StatementWriter
        {
            public override async ValueTask<int> ExecuteAsync(Statement statement, params object?[] values)
            {
                var rows = await writer.ExecuteAsync(statement, values);
                batches.Add(new((values.ElementAtOrDefault(2), values.ElementAtOrDefault(3)), (values[0], values[1]), rows));
                return rows;
            }
        }
    }
}
