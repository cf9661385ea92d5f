namespace IdentityProvider.Clients;

/// <summary>
/// The keys at one <c>jwks_uri</c>, as this process last read them (OpenID Connect Core §10.1.1). However many requests want them, they are read once at a time
/// and not again within <see cref="Pause"/>: anybody can send an assertion with a key we do not know, and must not make us call others as often as they like.
/// </summary>
internal sealed class PublishedKeys(Func<Task<ClientKeySet?>> download, TimeProvider clock)
{
    /// <summary>How long keys are used without asking again: as long as a key that its owner withdrew may go on working.</summary>
    public static TimeSpan FreshFor { get; } = TimeSpan.FromMinutes(10);

    /// <summary>How long keys are used while they cannot be read again. A client should survive a restart of its own website, a withdrawn key should not live for ever.</summary>
    public static TimeSpan UsableFor { get; } = TimeSpan.FromHours(1);

    /// <summary>The time between two attempts.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private DateTimeOffset attemptedAt = DateTimeOffset.MinValue;
    private DateTimeOffset readAt;
    private ClientKeySet? keys;
    private Task? running;

    /// <summary>The keys, or null when they cannot be had now.</summary>
    /// <param name="outdated">Keys that were tried in vain; then only other ones will do.</param>
    public async ValueTask<ClientKeySet?> ReadAsync(ClientKeySet? outdated, CancellationToken cancellationToken)
    {
        Task attempt;
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (keys is not null && keys != outdated && now - readAt < FreshFor)
            {
                return keys;
            }

            if (running is null && now - attemptedAt >= Pause)
            {
                attemptedAt = now;
                // On another thread, because it must not come back to the gate before it was noted here;
                // and without the request that happened to be first, which may be over before the answer comes.
                using (ExecutionContext.SuppressFlow())
                {
                    running = Task.Run(DownloadAsync, CancellationToken.None);
                }
            }

            attempt = running ?? Task.CompletedTask;
        }

        await attempt.WaitAsync(cancellationToken);
        lock (gate)
        {
            return keys != outdated && clock.GetUtcNow() - readAt < UsableFor ? keys : null;
        }
    }

    private async Task DownloadAsync()
    {
        ClientKeySet? read = null;
        try
        {
            read = await download();
        }
        finally
        {
            lock (gate)
            {
                if (read is not null)
                {
                    (keys, readAt) = (read, clock.GetUtcNow());
                }

                running = null;
            }
        }
    }
}
