using IdentityProvider.Configuration;
using IdentityProvider.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.UnitTests.Data;

/// <summary>Whoever writes at the same time shares a commit, and nothing else.</summary>
public sealed class SqliteWriterTests : IDisposable
{
    private static readonly Statement add = new("INSERT INTO \"Things\" (\"Name\") VALUES (@name)", "@name");

    private readonly string folder = Directory.CreateTempSubdirectory("identityprovider-writer").FullName;
    private readonly DatabaseFile file;
    private readonly SqliteWriter writer;

    public SqliteWriterTests()
    {
        file = new DatabaseFile(Options.Create(new DatabaseOptions { ConnectionString = $"Data Source={Path.Combine(folder, "test.db")};Pooling=False" }), null!);
        Execute("PRAGMA journal_mode=WAL; CREATE TABLE \"Things\" (\"Name\" TEXT PRIMARY KEY);");
        writer = new SqliteWriter(file, new SqliteCheckpoints(file, NullLogger.Instance));
    }

    public void Dispose()
    {
        writer.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_waits_goes_into_one_transaction_and_is_answered_after_it()
    {
        using var gate = new Gate();
        var seen = new HashSet<int>();
        var first = gate.Hold(writer, "first");
        var others = Enumerable.Range(0, 50).Select(number => writer.WriteAsync(work => work.ExecuteAsync(add, $"{number}"), CancellationToken.None)).ToList();
        Assert.DoesNotContain(others, other => other.IsCompleted);
        Assert.Equal(0, Count());

        gate.Open();
        var all = Task.WhenAll([first, .. others]);
        while (!all.IsCompleted)
        {
            // Read before the answers: an answer without its row would be one that a power cut takes back.
            seen.Add(Count());
            Assert.True(!others.Any(other => other.IsCompletedSuccessfully) || Count() == 51);
        }

        seen.Add(Count());
        Assert.Equal(1, await first);
        Assert.All(await Task.WhenAll(others), rows => Assert.Equal(1, rows));
        Assert.Subset(new HashSet<int> { 0, 1, 51 }, seen);
    }

    [Fact]
    public async Task One_that_cannot_be_written_takes_nobody_along_and_leaves_nothing()
    {
        using var gate = new Gate();
        var first = gate.Hold(writer, "taken");
        var before = writer.WriteAsync(work => work.ExecuteAsync(add, "before"), CancellationToken.None);
        var broken = writer.WriteAsync(
            async work =>
            {
                await work.ExecuteAsync(add, "half");
                return await work.ExecuteAsync(add, "taken");
            },
            CancellationToken.None);
        var after = writer.WriteAsync(work => work.ExecuteAsync(add, "after"), CancellationToken.None);
        gate.Open();

        await Assert.ThrowsAsync<SqliteException>(() => broken);
        Assert.Equal((1, 1, 1), (await first, await before, await after));
        Assert.Equal(["after", "before", "taken"], Names());
        Assert.Equal(1, await writer.WriteAsync(work => work.ExecuteAsync(add, "later"), CancellationToken.None));
    }

    [Fact]
    public async Task What_nobody_foresaw_is_told_to_those_who_wait_and_the_next_are_written()
    {
        using var gate = new Gate();
        var first = gate.Hold(writer, "first");
        var before = writer.WriteAsync(work => work.ExecuteAsync(add, "before"), CancellationToken.None);
        var broken = writer.WriteAsync(
            ValueTask<int> (work) =>
            {
                // Not even a rollback is possible then.
                ((SqliteStatementConnection)work).Dispose();
                throw new InvalidDataException();
            },
            CancellationToken.None);
        var after = writer.WriteAsync(work => work.ExecuteAsync(add, "after"), CancellationToken.None);
        gate.Open();

        Assert.Equal(1, await first);
        foreach (var waiting in new[] { before, broken, after })
        {
            var told = await Assert.ThrowsAsync<InvalidOperationException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System));
            Assert.Contains("not finished", told.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, await writer.WriteAsync(work => work.ExecuteAsync(add, "later"), CancellationToken.None));
        Assert.Equal(["first", "later"], Names());
    }

    [Fact]
    public async Task Who_gave_up_waiting_writes_nothing()
    {
        using var gate = new Gate();
        using var impatient = new CancellationTokenSource();
        var first = gate.Hold(writer, "first");
        var gone = writer.WriteAsync(work => work.ExecuteAsync(add, "gone"), impatient.Token);
        await impatient.CancelAsync();
        gate.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await first;
        Assert.Equal(["first"], Names());
    }

    [Fact]
    public async Task Whoever_writes_by_another_connection_gets_its_turn_among_many()
    {
        using var enough = new CancellationTokenSource();
        var number = 0;
        var crowd = Enumerable.Range(0, 300).Select(async _ =>
        {
            while (!enough.IsCancellationRequested)
            {
                await writer.WriteAsync(work => work.ExecuteAsync(add, $"crowd{Interlocked.Increment(ref number)}"), CancellationToken.None);
            }
        }).ToList();

        var waits = new List<TimeSpan>();
        for (var turn = 0; turn < 5; turn++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            Execute($"PRAGMA busy_timeout=10000; INSERT INTO \"Things\" VALUES ('other{turn}')");
            waits.Add(System.Diagnostics.Stopwatch.GetElapsedTime(started));
        }

        await enough.CancelAsync();
        await Task.WhenAll(crowd);
        // Without a gap it would be as long as the busy timeout, if at all.
        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task What_waits_when_the_program_ends_is_written()
    {
        var waiting = Enumerable.Range(0, 20).Select(number => writer.WriteAsync(work => work.ExecuteAsync(add, $"{number}"), CancellationToken.None)).ToList();

        writer.Dispose();

        await Task.WhenAll(waiting);
        Assert.Equal(20, Count());
    }

    private int Count() => Names().Count;

    private List<string> Names()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT \"Name\" FROM \"Things\" ORDER BY \"Name\"";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private void Execute(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(file.ConnectionString);
        connection.Open();
        return connection;
    }

    /// <summary>Keeps the writer busy, so that what comes next waits.</summary>
    private sealed class Gate : IDisposable
    {
        private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);
        private readonly ManualResetEventSlim busy = new();
        private readonly ManualResetEventSlim open = new();

        public Task<int> Hold(SqliteWriter writer, string name)
        {
            var held = writer.WriteAsync(
                async work =>
                {
                    var rows = await work.ExecuteAsync(add, name);
                    busy.Set();
                    return open.Wait(patience) ? rows : 0;
                },
                CancellationToken.None);
            Assert.True(busy.Wait(patience));
            return held;
        }

        public void Open() => open.Set();

        public void Dispose()
        {
            busy.Dispose();
            open.Dispose();
        }
    }
}
