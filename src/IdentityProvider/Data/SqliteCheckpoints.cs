using Microsoft.Extensions.Logging;

namespace IdentityProvider.Data;

/// <summary>
/// Moves what was written from SQLite's log into its file, on a thread and a connection of its own. SQLite would do it inside the commit that finds the log long,
/// and everybody who shares that commit (<see cref="SqliteWriter"/>) would wait until thousands of pages are written and on the disk.
/// Others write meanwhile, to the end of the log. It begins anew with the first write that finds nothing left in it; so that there is such a moment
/// under constant load too, the writer moves the last few pages itself.
/// </summary>
internal sealed partial class SqliteCheckpoints(DatabaseFile file, ILogger logger) : IDisposable
{
    // So few that the disk, for which commits wait, is not busy with them for long; so many that a page which changes often is not moved each time.
    private const int PagesBetween = 1000;

    // 32 MB: from there on the log shall begin anew, and the writer helps. Mostly it has done so by itself before that, between two transactions.
    private const int LongLog = 8000;

    // Moving these takes the writer not much longer than one of its commits. Whoever writes faster than the disk takes it must wait for more in the end.
    private const int LittleLeft = 250;
    private const int MostTurns = 5;

    // 64 MB: it becomes so long only where it cannot begin anew.
    private const int ConspicuousLog = 16_000;
    private const int PagesInMegabyte = 256;

    private const int TellAgain = 5 * 60 * 1000;

    private readonly object gate = new();
    private Thread? thread;
    private int written;
    private bool disposed;
    private volatile bool remainderDue;
    private bool failing;
    private long told;
    private bool conspicuous;

    /// <summary>By the writer when a transaction is on the disk and nobody waits for it any more.</summary>
    public void AfterCommit(SqliteStatementConnection connection)
    {
        if (remainderDue)
        {
            remainderDue = false;
            Try(() => MoveRemainder(connection));
        }

        lock (gate)
        {
            written += connection.TakeWritten();
            if (written < PagesBetween || disposed)
            {
                return;
            }

            if (thread is null)
            {
                thread = new Thread(Run) { IsBackground = true, Name = "SQLite checkpoints" };
                thread.Start();
            }
            else
            {
                Monitor.Pulse(gate);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            Monitor.Pulse(gate);
        }

        // What is still in the log is moved by whoever closes the file last.
        thread?.Join();
    }

    private void Run()
    {
        SqliteStatementConnection? connection = null;
        while (IsDue())
        {
            // After a failure with another connection, and when as many pages have been written again.
            if (!Try(() => Move(connection ??= SqliteStatementConnection.Open(file))))
            {
                connection?.Dispose();
                connection = null;
            }
        }

        connection?.Dispose();
    }

    /// <returns>False when the program ends.</returns>
    private bool IsDue()
    {
        lock (gate)
        {
            while (written < PagesBetween && !disposed)
            {
                Monitor.Wait(gate);
            }

            written = 0;
            return !disposed;
        }
    }

    private void Move(SqliteStatementConnection connection)
    {
        var (logged, moved) = connection.Checkpoint();
        // What was written meanwhile, until little is left for the writer, who keeps others waiting.
        for (var (turn, before) = (0, 0); turn < MostTurns && logged >= LongLog && moved == logged && logged - before > LittleLeft; turn++)
        {
            before = logged;
            (logged, moved) = connection.Checkpoint();
        }

        remainderDue = logged >= LongLog && moved == logged;
        if (logged < ConspicuousLog)
        {
            conspicuous = false;
        }
        else if (!conspicuous)
        {
            conspicuous = true;
            Log.LogIsLong(logger, logged / PagesInMegabyte);
        }
    }

    // A reader that began a moment ago may still need what is left: the next commit tries again.
    private void MoveRemainder(SqliteStatementConnection connection)
    {
        var (logged, moved) = connection.Checkpoint();
        remainderDue = moved >= 0 && logged > moved && logged - moved <= LittleLeft;
    }

    private bool Try(Action step)
    {
        try
        {
            step();
        }
#pragma warning disable CA1031 // The bottom of a thread, or of a commit that has been answered: what was written is safe in the log.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!failing || Environment.TickCount64 - told > TellAgain)
            {
                (failing, told) = (true, Environment.TickCount64);
                Log.Failed(logger, exception);
            }

            return false;
        }

        if (failing)
        {
            failing = false;
            Log.Recovered(logger);
        }

        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error,
            Message = "What was written could not be moved from SQLite's log into the database file. It is safe in the log, which grows; this is tried again, and told again after five minutes.")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "What was written is moved from SQLite's log into the database file again.")]
        public static partial void Recovered(ILogger logger);

        [LoggerMessage(EventId = 3, Level = LogLevel.Warning,
            Message = "SQLite's log has {Megabytes} MB and goes on growing while somebody reads the database in one long transaction, such as a copy that is made of it.")]
        public static partial void LogIsLong(ILogger logger, int megabytes);
    }
}
