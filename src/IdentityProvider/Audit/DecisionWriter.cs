using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Audit;

/// <summary>
/// Writes records behind the requests they tell of: new ones within a second, so that whoever reads a reference out is understood; grown counts
/// every ten seconds and when the program stops.
/// </summary>
internal sealed partial class DecisionWriter(
    DecisionBuffer buffer, IServiceScopeFactory scopes, IOptions<AuditOptions> options, ILogger<DecisionWriter> logger) : BackgroundService
{
    private const int LargestBatch = 200;
    private const int BeatsBetweenCounts = 10;
    private const int BeatsBetweenWords = 60;
    private static readonly TimeSpan beat = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim turn = new(1, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failing = false;
        try
        {
            // Not the product's clock: how long a count waits is nothing a test should have to turn.
            using var timer = new PeriodicTimer(beat, TimeProvider.System);
            for (var beats = 1; await timer.WaitForNextTickAsync(stoppingToken); beats++)
            {
                if (beats % BeatsBetweenWords == 0)
                {
                    TellOfOverflow();
                }

                failing = !await TryWriteAsync(newOnly: beats % BeatsBetweenCounts != 0, failing, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program is stopping: one attempt for what is left, without the token that stops it.
            // A start that failed, such as on a taken port, has already thrown the services away, but then nothing is left.
            TellOfOverflow();
            if (buffer.TakeChanges(newOnly: false).Count > 0)
            {
                await TryWriteAsync(newOnly: false, failing, CancellationToken.None);
            }
        }
    }

    /// <summary>Writes everything that was counted before this call.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => WriteAsync(newOnly: false, cancellationToken);

    public override void Dispose()
    {
        turn.Dispose();
        base.Dispose();
    }

    private void TellOfOverflow()
    {
        if (buffer.TakeOverflow() is > 0 and var count)
        {
            Log.Overflow(logger, count);
        }
    }

    private async Task<bool> TryWriteAsync(bool newOnly, bool wasFailing, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(newOnly, cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // An edge: while the database is away, counts go on in memory.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!wasFailing)
            {
                Log.Waiting(logger, exception);
            }

            return false;
        }
    }

    private async Task WriteAsync(bool newOnly, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var changes = buffer.TakeChanges(newOnly);
            foreach (var batch in changes.Chunk(LargestBatch))
            {
                await SaveAsync(batch, cancellationToken);
                buffer.Written(batch);
            }

            if (changes.Count == 0)
            {
                buffer.Written([]);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task SaveAsync(DecisionChange[] batch, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var stored = batch.Where(change => change.Counted.IsStored).ToList();
        var fresh = batch.Where(change => !change.Counted.IsStored).ToList();
        if (fresh.Any(change => change.Counted.WasTried))
        {
            stored.AddRange(await TakeStoredAsync(db, fresh, cancellationToken));
        }

        foreach (var change in fresh)
        {
            change.Counted.WasTried = true;
            db.Add(Copy(change));
        }

        // One transaction: SQLite has one writer, and a write for each row would take its time from the requests.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        foreach (var change in stored)
        {
            var (id, lastAt, expiresAt) = (change.Counted.Row.Id, change.LastAt, change.LastAt + options.Value.DecisionRetention);
            await db.Set<DecisionRecord>().Where(row => row.Id == id).ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.Count, change.Count)
                    .SetProperty(row => row.LastAt, lastAt)
                    .SetProperty(row => row.ExpiresAt, expiresAt),
                cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    // The connection may have broken after the commit: those rows are there. Or one of the references was somebody else's, which forty random
    // bits make once in a very long while: it gets another, though a person has seen the first.
    private static async Task<List<DecisionChange>> TakeStoredAsync(AppDbContext db, List<DecisionChange> fresh, CancellationToken cancellationToken)
    {
        var ids = fresh.Select(change => change.Counted.Row.Id).ToList();
        var references = fresh.Select(change => change.Counted.Row.Reference).ToList();
        var rows = await db.Set<DecisionRecord>().Where(row => ids.Contains(row.Id) || references.Contains(row.Reference))
            .Select(row => new { row.Id, row.Reference }).ToListAsync(cancellationToken);
        var taken = rows.Select(row => row.Reference).ToHashSet(StringComparer.Ordinal);
        var there = fresh.Where(change => rows.Any(row => row.Id == change.Counted.Row.Id)).ToList();
        fresh.RemoveAll(there.Contains);
        foreach (var change in fresh.Where(change => taken.Contains(change.Counted.Row.Reference)))
        {
            change.Counted.Row.Reference = DecisionReference.New();
        }

        return there;
    }

    private DecisionRecord Copy(DecisionChange change)
    {
        var row = change.Counted.Row;
        return new DecisionRecord
        {
            Id = row.Id,
            Reference = row.Reference,
            FirstAt = row.FirstAt,
            LastAt = change.LastAt,
            Count = change.Count,
            Endpoint = row.Endpoint,
            Rule = row.Rule,
            Error = row.Error,
            Description = row.Description,
            ClientId = row.ClientId,
            RemoteAddress = row.RemoteAddress,
            Asked = row.Asked,
            Difference = row.Difference,
            TraceId = row.TraceId,
            ExpiresAt = change.LastAt + options.Value.DecisionRetention,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Decision records cannot be written now; they wait in memory, where they are counted on.")]
        public static partial void Waiting(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 2, Level = LogLevel.Warning,
            Message = "{Count} refusals of the last minute were more than are recorded one by one; they are counted by rule in DecisionRecords.")]
        public static partial void Overflow(ILogger logger, long count);
    }
}
