using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace IdentityProvider.Data;

/// <summary>
/// The one writer of SQLite's hot tables. SQLite has one writer at a time anyway, and a commit waits for the disk: what arrives meanwhile goes into the
/// next transaction together, and each caller is answered when that one is on the disk.
/// </summary>
internal sealed class SqliteWriter(DatabaseFile file, SqliteCheckpoints checkpoints) : IDisposable
{
    private const int LargestBatch = 128;

    // Waited for others only while there are some: whoever writes alone is written at once.
    private const int GatherMilliseconds = 7;

    // Long enough for whoever waits for SQLite's lock from another connection, such as a sign-in, to find it free.
    private const int GapMilliseconds = 1;

    private readonly object gate = new();
    private readonly Queue<SqliteWrite> waiting = new();
    private SqliteStatementConnection? connection;
    private Thread? thread;
    private bool disposed;

    // With how many waiting the writer wants to be woken; a collection of the framework would have it look for them meanwhile.
    private int wanted = int.MaxValue;

    public Task<T> WriteAsync<T>(Func<StatementWriter, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        var write = new SqliteWrite<T>(work, cancellationToken);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            waiting.Enqueue(write);
            if (thread is null)
            {
                // A thread of its own: it waits for the disk, and one of the pool's would be missing meanwhile.
                thread = new Thread(Run) { IsBackground = true, Name = "SQLite writer" };
                thread.Start();
            }
            else if (waiting.Count >= wanted)
            {
                wanted = int.MaxValue;
                Monitor.Pulse(gate);
            }
        }

        return write.Durable;
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            Monitor.Pulse(gate);
        }

        // What waits is written first; then the thread ends by itself.
        thread?.Join();
        checkpoints.Dispose();
    }

    private void Run()
    {
        var batch = new List<SqliteWrite>(LargestBatch);
        var before = 1;
        while (Take(batch, before))
        {
            before = batch.Count;
            try
            {
                CommitTogether(batch);
            }
#pragma warning disable CA1031 // The bottom of the thread: without it the process would end, or everybody who writes would wait for ever.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Abandon(batch, exception);
            }

            batch.Clear();
        }

        connection?.Dispose();
    }

    // Nobody foresaw this, so nobody knows what of it is on the disk. Those who wait are told so, and the next begin with another connection.
    private void Abandon(List<SqliteWrite> batch, Exception exception)
    {
        foreach (var write in batch)
        {
            write.Fail(new InvalidOperationException("The write to the database was not finished, and it is not known whether it is stored.", exception));
        }

        try
        {
            Discard();
        }
#pragma warning disable CA1031 // What is broken cannot be closed either.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <returns>False when the program ends and nothing waits.</returns>
    private bool Take(List<SqliteWrite> batch, int before)
    {
        lock (gate)
        {
            if (waiting.Count >= before && before > 1 && !disposed)
            {
                WaitFor(int.MaxValue, GapMilliseconds);
            }

            while (waiting.Count == 0)
            {
                if (disposed)
                {
                    return false;
                }

                before = 1;
                WaitFor(1, Timeout.Infinite);
            }

            // Where several wrote at once a moment ago, as many will again: a commit costs the disk and the processor the same for all of them.
            var started = Stopwatch.GetTimestamp();
            while (waiting.Count < before && !disposed
                && GatherMilliseconds - (int)Stopwatch.GetElapsedTime(started).TotalMilliseconds is > 0 and var patience)
            {
                WaitFor(before, patience);
            }

            while (batch.Count < LargestBatch && waiting.TryDequeue(out var write))
            {
                batch.Add(write);
            }

            return true;
        }
    }

    private void WaitFor(int count, int milliseconds)
    {
        wanted = count;
        Monitor.Wait(gate, milliseconds);
        wanted = int.MaxValue;
    }

    private void CommitTogether(List<SqliteWrite> batch)
    {
        batch.RemoveAll(write => write.GaveUp());
        if (batch.Count == 0)
        {
            return;
        }

        if (!Guard(batch, Begin, out var failure))
        {
            FailWaiting(failure);
            return;
        }

        foreach (var write in batch)
        {
            if (!write.Run(connection!))
            {
                Undo();
                CommitEach(batch, failed: write);
                return;
            }
        }

        if (Guard(batch, () => connection!.Commit(), out _))
        {
            foreach (var write in batch)
            {
                write.Succeed();
            }

            checkpoints.AfterCommit(connection!);
        }
    }

    // One of them cannot be written, such as for a row that is no longer there: the others do not suffer for it.
    private void CommitEach(List<SqliteWrite> batch, SqliteWrite failed)
    {
        failed.Fail();
        foreach (var write in batch.Where(write => write != failed))
        {
            CommitTogether([write]);
        }
    }

    private void Begin()
    {
        connection ??= SqliteStatementConnection.Open(file);
        connection.Begin();
    }

    // The database could not be had for as long as SQLite is asked: nobody waits for that again, one batch after the other.
    private void FailWaiting(Exception exception)
    {
        lock (gate)
        {
            while (waiting.TryDequeue(out var write))
            {
                write.Fail(exception);
            }
        }
    }

    private bool Guard(List<SqliteWrite> batch, Action step, [NotNullWhen(false)] out Exception? failure)
    {
        failure = null;
        try
        {
            step();
            return true;
        }
#pragma warning disable CA1031 // An edge: whoever waits is told, and the writer goes on with the next.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Discard();
            foreach (var write in batch)
            {
                write.Fail(exception);
            }

            failure = exception;
            return false;
        }
    }

    private void Undo()
    {
        try
        {
            connection!.Rollback();
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // Closing the connection does the same.
            Discard();
        }
    }

    private void Discard()
    {
        var discarded = connection;
        connection = null;
        discarded?.Dispose();
    }
}
