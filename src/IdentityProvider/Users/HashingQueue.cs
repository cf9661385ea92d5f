namespace IdentityProvider.Users;

/// <summary>
/// Lets as many password hashes be computed at once as there are cores, a bounded number wait, and turns the rest away.
/// So a burst of logins takes neither all memory nor every thread, and who is turned away hears it at once.
/// </summary>
internal sealed class HashingQueue(int places, int maximumWaiting) : IDisposable
{
    // About two seconds of waiting at thirty milliseconds a hash: longer, and people press the button again.
    private const int WaitingPerPlace = 64;

    private readonly SemaphoreSlim free = new(places, places);
    private int waiting;

    public HashingQueue() : this(Environment.ProcessorCount, Environment.ProcessorCount * WaitingPerPlace)
    {
    }

    /// <summary>How long somebody turned away should wait.</summary>
    public static TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(2);

    /// <summary>A place to compute one hash in, to be disposed of afterwards; null when too many wait already.</summary>
    public async Task<IDisposable?> EnterAsync(CancellationToken cancellationToken)
    {
        // The zero timeout takes a free place without being counted among those who wait.
        if (free.Wait(0, CancellationToken.None))
        {
            return new Place(free);
        }

        if (Interlocked.Increment(ref waiting) > maximumWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return null;
        }

        try
        {
            return await EnterInTurnAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <summary>As <see cref="EnterAsync"/>, but never turned away: for an operator's own work.</summary>
    public async Task<IDisposable> EnterInTurnAsync(CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        return new Place(free);
    }

    public void Dispose() => free.Dispose();

    private sealed class Place(SemaphoreSlim free) : IDisposable
    {
        private SemaphoreSlim? taken = free;

        public void Dispose() => Interlocked.Exchange(ref taken, null)?.Release();
    }
}
