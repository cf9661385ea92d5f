using System.Threading.Channels;

namespace IdentityProvider.Audit;

/// <summary>What waits to be written. Bounded: when the database is away for long, memory must not grow until the process dies.</summary>
internal sealed class AuditQueue
{
    private const int Capacity = 16 * 1024;

    private readonly Channel<Entry> channel = Channel.CreateBounded<Entry>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long dropped;

    public ChannelReader<Entry> Reader => channel.Reader;

    public void Enqueue(AuditEvent row)
    {
        if (!channel.Writer.TryWrite(new Entry(row, null)))
        {
            Interlocked.Increment(ref dropped);
        }
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await channel.Writer.WriteAsync(new Entry(null, written), cancellationToken);
        await written.Task.WaitAsync(cancellationToken);
    }

    /// <summary>How many events found no room since the last call. The writer says so in the log: nothing is lost silently.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref dropped, 0);

    /// <param name="Row">An event to write.</param>
    /// <param name="Flushed">Or somebody who waits until the events before are written.</param>
    public readonly record struct Entry(AuditEvent? Row, TaskCompletionSource? Flushed);
}
