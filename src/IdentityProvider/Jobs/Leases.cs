using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Jobs;

/// <summary>Takes, keeps and gives back leases. Each step is one conditional write whose row count decides.</summary>
internal sealed class Leases(IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>The lease, or null while somebody else holds it or the work is not due. Dispose it to give it back.</summary>
    public async Task<HeldLease?> TryTakeAsync(string name, TimeSpan duration, CancellationToken cancellationToken)
    {
        var holder = Guid.CreateVersion7();
        var now = Now;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var leases = db.Set<Lease>().Where(lease => lease.Name == name);
        var taken = await leases.Where(lease => lease.ExpiresAt <= now && lease.DueAt <= now)
            .ExecuteUpdateAsync(set => set
                .SetProperty(lease => lease.Holder, holder)
                .SetProperty(lease => lease.ExpiresAt, now + duration), cancellationToken) == 1;
        if (!taken && !await leases.AnyAsync(cancellationToken))
        {
            taken = await TryMakeAsync(db, new Lease { Name = name, Holder = holder, ExpiresAt = now + duration }, cancellationToken);
        }

        return taken ? new HeldLease(this, name, holder) : null;
    }

    /// <summary>Prolongs a lease that is still held; false when it was lost.</summary>
    internal async Task<bool> RenewAsync(string name, Guid holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        var now = Now;
        await using var scope = scopes.CreateAsyncScope();
        return await Held(scope, name, holder).Where(lease => lease.ExpiresAt > now).ExecuteUpdateAsync(
            set => set.SetProperty(lease => lease.ExpiresAt, now + duration), cancellationToken) == 1;
    }

    internal async Task ReleaseAsync(string name, Guid holder, DateTime? dueAt)
    {
        var now = Now;
        await using var scope = scopes.CreateAsyncScope();
        // Giving back must happen even when what the lease was for is being cancelled.
        await Held(scope, name, holder).ExecuteUpdateAsync(
            set => set
                .SetProperty(lease => lease.ExpiresAt, now)
                .SetProperty(lease => lease.DueAt, lease => dueAt ?? lease.DueAt), CancellationToken.None);
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private static IQueryable<Lease> Held(AsyncServiceScope scope, string name, Guid holder) =>
        scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<Lease>()
            .Where(lease => lease.Name == name && lease.Holder == holder);

    private static async Task<bool> TryMakeAsync(AppDbContext db, Lease lease, CancellationToken cancellationToken)
    {
        db.Add(lease);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            return false;
        }
    }
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
