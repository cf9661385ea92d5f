using IdentityProvider.Data;

namespace IdentityProvider.Jobs;

/// <summary>Takes, keeps and gives back leases. Each step is one conditional write whose row count decides.</summary>
internal sealed class Leases(Statements statements, TimeProvider clock)
{
    /// <summary>The lease, or null while somebody else holds it or the work is not due. Dispose it to give it back.</summary>
    public async Task<HeldLease?> TryTakeAsync(string name, TimeSpan duration, CancellationToken cancellationToken)
    {
        var holder = Guid.CreateVersion7();
        var now = Now;
        var taken = await statements.TakeLeaseAsync(name, holder, now, now + duration, cancellationToken);
        return taken ? new HeldLease(this, name, holder) : null;
    }

    /// <summary>Prolongs a lease that is still held; false when it was lost.</summary>
    internal Task<bool> RenewAsync(string name, Guid holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        var now = Now;
        return statements.RenewLeaseAsync(name, holder, now, now + duration, cancellationToken);
    }

    internal Task ReleaseAsync(string name, Guid holder, DateTime? dueAt)
    {
        var now = Now;
        return statements.ReleaseLeaseAsync(name, holder, now, dueAt ?? now);
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;
}

/// <summary>A lease in hand.</summary>
internal sealed class HeldLease(Leases leases, string name, Guid holder) : IAsyncDisposable
{
    private DateTime? dueAt;

    /// <summary>Prolongs it; false when it was lost, for example because this process stood still for too long.</summary>
    public Task<bool> RenewAsync(TimeSpan duration, CancellationToken cancellationToken) =>
        leases.RenewAsync(name, holder, duration, cancellationToken);

    /// <summary>The work is done: nobody gets the lease before <paramref name="next"/>.</summary>
    public void DoneUntil(DateTime next) => dueAt = next;

    public async ValueTask DisposeAsync() => await leases.ReleaseAsync(name, holder, dueAt);
}
