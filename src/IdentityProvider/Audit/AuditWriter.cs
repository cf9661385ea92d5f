using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Audit;

/// <summary>Writes queued events in batches, and what is left when the program stops.</summary>
internal sealed partial class AuditWriter(AuditQueue queue, AuditRows rows, ILogger<AuditWriter> logger) : BackgroundService
{
    private const int LargestBatch = 256;
    private static readonly TimeSpan gatherFor = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan retryAfter = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<AuditQueue.Entry>(LargestBatch);
        try
        {
            while (true)
            {
                await queue.Reader.WaitToReadAsync(stoppingToken);
                await GatherAsync(batch, stoppingToken);
                await WriteUntilDoneAsync(batch, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteRestAsync(batch);
        }
    }

    private async Task GatherAsync(List<AuditQueue.Entry> batch, CancellationToken stoppingToken)
    {
        // Not the product's clock: how long events gather is nothing a test should have to turn.
        using var enough = new CancellationTokenSource(gatherFor, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, enough.Token);
        try
        {
            do
            {
                while (batch.Count < LargestBatch && queue.Reader.TryRead(out var entry))
                {
                    batch.Add(entry);
                    if (entry.Flushed is not null)
                    {
                        return;
                    }
                }
            }
            while (batch.Count < LargestBatch && await queue.Reader.WaitToReadAsync(either.Token));
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            // Gathered for long enough.
        }
    }

    private async Task WriteUntilDoneAsync(List<AuditQueue.Entry> batch, CancellationToken stoppingToken)
    {
        var told = false;
        while (!await TryWriteAsync(batch, again: told, stoppingToken))
        {
            told = true;
            await Task.Delay(retryAfter, TimeProvider.System, stoppingToken);
        }
    }

    // The program is stopping: one attempt for what is queued, without the token that stops it.
    private async Task WriteRestAsync(List<AuditQueue.Entry> batch)
    {
        do
        {
            while (batch.Count < LargestBatch && queue.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            if (!await TryWriteAsync(batch, again: false, CancellationToken.None))
            {
                Log.Lost(logger, batch.Count + queue.Reader.Count);
                return;
            }
        }
        while (queue.Reader.Count > 0);
    }

    private async Task<bool> TryWriteAsync(List<AuditQueue.Entry> batch, bool again, CancellationToken cancellationToken)
    {
        if (queue.TakeDropped() is > 0 and var dropped)
        {
            Log.Lost(logger, dropped);
        }

        try
        {
            // A start that failed, such as on a taken port, has already thrown the database away when the writer is told to end.
            if (batch.Where(entry => entry.Row is not null).Select(entry => entry.Row!).ToList() is { Count: > 0 } events)
            {
                await rows.AddAsync(events, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // An edge: while the database is away, events wait.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!again)
            {
                Log.Waiting(logger, exception, batch.Count);
            }

            return false;
        }

        foreach (var entry in batch)
        {
            entry.Flushed?.TrySetResult();
        }

        batch.Clear();
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "{Count} audit events cannot be written now; they wait.")]
        public static partial void Waiting(ILogger logger, Exception exception, int count);

        [LoggerMessage(EventId = 2, Level = LogLevel.Critical, Message = "{Count} audit events were lost because the database could not take them.")]
        public static partial void Lost(ILogger logger, long count);
    }
}
