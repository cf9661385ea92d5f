using System.Data;
using System.Data.Common;
using System.Threading.Channels;
using IdentityProvider.Data;
using Microsoft.Extensions.Time.Testing;

namespace IdentityProvider.UnitTests.Data;

/// <summary>What pruning does with its time, on a database that takes as long as it is told.</summary>
public sealed class PruningTests : IDisposable
{
    private static readonly OutdatedRows things = new("Things", key: "Id", time: "ExpiresAt");

    private readonly FakeTimeProvider clock = new();
    private readonly SlowDatabase database;
    private readonly Pruning pruning;

    public PruningTests()
    {
        database = new SlowDatabase(clock);
        pruning = new Pruning(database, clock);
    }

    public void Dispose() => pruning.Dispose();

    [Fact]
    public async Task Size_and_pause_follow_what_the_last_batch_took_and_not_how_long_it_waited_for_its_turn()
    {
        (database.Finding, database.Queueing, database.Deleting, database.Committing) = (Of(5), Of(500), Of(2), Of(4));
        var run = PruneAsync();
        Assert.Equal(50, await database.BatchAsync());

        // Nine times seven and eight times four.
        clock.Advance(Of(94.9));
        Assert.False(database.HasBatch);
        (database.Finding, database.Deleting, database.Committing) = (Of(1), Of(1), Of(0));
        clock.Advance(Of(0.1));
        Assert.Equal(25, await database.BatchAsync());

        clock.Advance(Of(17.9));
        Assert.False(database.HasBatch);
        database.Empty = true;
        clock.Advance(Of(0.1));
        Assert.Equal(75, await run);
    }

    [Fact]
    public async Task Those_who_prune_at_the_same_time_share_one_budget()
    {
        database.Deleting = Of(3);
        using var stop = new CancellationTokenSource();
        var runs = new[] { PruneAsync(stop.Token), PruneAsync(stop.Token) };
        await database.BatchAsync();

        // The second takes its turn when the pause of the first is over, and the first after that of the second.
        for (var batch = 1; batch <= 4; batch++)
        {
            clock.Advance(Of(26.9));
            Assert.False(database.HasBatch);
            clock.Advance(Of(0.1));
            await database.BatchAsync();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runs[0]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runs[1]);
    }

    [Theory]
    [InlineData(true, false, 9)]
    [InlineData(true, true, 27)]
    [InlineData(false, false, 27)]
    public async Task What_is_urgent_late_and_goes_makes_pauses_shorter_at_once(bool urgent, bool keeping, double pause)
    {
        (database.Deleting, database.Late, database.Keeping) = (Of(3), true, keeping);
        var rows = urgent ? new OutdatedRows("Things", key: "Id", time: "ExpiresAt", urgent: true) : things;
        var run = pruning.PruneAsync(rows, DateTime.MaxValue, CancellationToken.None);
        await database.BatchAsync();

        clock.Advance(Of(pause - 0.1));
        Assert.False(database.HasBatch);
        database.Empty = true;
        clock.Advance(Of(0.1));

        Assert.Equal(keeping ? 0 : 50, await run);
    }

    [Fact]
    public async Task A_pause_ends_when_the_server_stops()
    {
        database.Deleting = Of(3);
        using var stop = new CancellationTokenSource();
        var run = PruneAsync(stop.Token);
        await database.BatchAsync();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        database.Empty = true;
        Assert.Equal(0, await PruneAsync());
    }

    [Fact]
    public async Task Where_nothing_is_outdated_nothing_is_written()
    {
        database.Empty = true;

        Assert.Equal(0, await PruneAsync());
        Assert.False(database.HasBatch);
    }

    private Task<int> PruneAsync(CancellationToken cancellationToken = default) => pruning.PruneAsync(things, DateTime.MaxValue, cancellationToken);

    private static TimeSpan Of(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Holds any number of rows, one of a millisecond.</summary>
    private sealed class SlowDatabase(FakeTimeProvider clock) : Statements
    {
        private readonly Channel<int> batches = Channel.CreateUnbounded<int>();
        private DateTime last = DateTime.MinValue;
        private int asked;

        public TimeSpan Finding { get; set; }

        public TimeSpan Queueing { get; set; }

        public TimeSpan Deleting { get; set; }

        public TimeSpan Committing { get; set; }

        public bool Empty { get; set; }

        public bool Late { get; set; }

        /// <summary>Whether what is looked at stays.</summary>
        public bool Keeping { get; set; }

        public bool HasBatch => batches.Reader.TryPeek(out _);

        /// <summary>How many rows the next batch that comes was to have.</summary>
        public async Task<int> BatchAsync() => await batches.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public override ValueTask<List<T>> ReadAllAsync<T>(
            Statement statement, Func<DbDataReader, T> row, CancellationToken cancellationToken, params object?[] values) => throw new NotSupportedException();

        public override List<T> ReadAll<T>(Statement statement, Func<DbDataReader, T> row, params object?[] values) => throw new NotSupportedException();

        public override ValueTask<T?> ReadAsync<T>(
            Statement statement, Func<DbDataReader, T> row, CancellationToken cancellationToken, params object?[] values) where T : class
        {
            clock.Advance(Finding);
            if (Empty)
            {
                return new((T?)null);
            }

            asked = (int)values[1]!;
            using var table = new DataTable();
            table.Columns.Add("ExpiresAt", typeof(DateTime));
            table.Columns.Add("Id", typeof(Guid));
            table.Columns.Add("Late", typeof(int));
            last = last.AddMilliseconds(asked);
            table.Rows.Add(last, Guid.CreateVersion7(), Late ? 1 : 0);
            using var reader = table.CreateDataReader();
            reader.Read();
            return new(row(reader));
        }

        public override async Task<T> WriteAsync<T>(Func<StatementWriter, ValueTask<T>> work, CancellationToken cancellationToken)
        {
            clock.Advance(Queueing);
            var result = await work(new Writer(this, clock));
            clock.Advance(Committing);
            batches.Writer.TryWrite(asked);
            return result;
        }

        private sealed class Writer(SlowDatabase database, FakeTimeProvider clock) : StatementWriter
        {
            public override ValueTask<int> ExecuteAsync(Statement statement, params object?[] values)
            {
                clock.Advance(database.Deleting);
                return new(database.Keeping ? 0 : database.asked);
            }
        }
    }
}
