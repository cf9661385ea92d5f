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
        // One statement for a lease that nobody has had yet and for one that is free: of several at once, exactly one changes a row.
        var taken = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "Leases" ("Name", "Holder", "ExpiresAt", "DueAt") VALUES ({name}, {holder}, {now + duration}, {now})
            ON CONFLICT ("Name") DO UPDATE SET "Holder" = excluded."Holder", "ExpiresAt" = excluded."ExpiresAt"
            WHERE "Leases"."ExpiresAt" <= {now} AND "Leases"."DueAt" <= {now}
            """,
            cancellationToken) == 1;
        return taken ? new HeldLease(this, name, holder) : null;
    }

    /// <summary>Prolongs a lease that is still held; false when it was lost.</summary>
    internal async Task<bool> RenewAsync(string name, Guid holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        var now = Now;
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.ExecuteSqlAsync(
            $"""UPDATE "Leases" SET "ExpiresAt" = {now + duration} WHERE "Name" = {name} AND "Holder" = {holder} AND "ExpiresAt" > {now}""",
            cancellationToken) == 1;
    }

    internal async Task ReleaseAsync(string name, Guid holder, DateTime? dueAt)
    {
        var now = Now;
        await using var scope = scopes.CreateAsyncScope();
        // Giving back must happen even when what the lease was for is being cancelled.
        await scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.ExecuteSqlAsync(
            $"""UPDATE "Leases" SET "ExpiresAt" = {now}, "DueAt" = {dueAt ?? now} WHERE "Name" = {name} AND "Holder" = {holder}""",
            CancellationToken.None);
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
