namespace IdentityProvider.Jobs;

/// <summary>Work that every deployment repeats. Under a lease it runs on one node at a time; otherwise on every node.</summary>
internal abstract class RecurringJob
{
    /// <summary>The name of the lease: stable across versions, at most 64 characters.</summary>
    public abstract string Name { get; }

    public abstract TimeSpan Period { get; }

    /// <summary>False for work that each node does for itself, such as refreshing its own caches.</summary>
    public virtual bool OneNodeAtATime => true;

    /// <summary>A cheap look, on every node and before the lease is asked for, at whether there is anything to do: an idle server should only read.</summary>
    public virtual Task<bool> IsDueAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.FromResult(true);

    /// <summary>Runs once, in a service scope of its own.</summary>
    public abstract Task RunAsync(IServiceProvider services, CancellationToken cancellationToken);
}
