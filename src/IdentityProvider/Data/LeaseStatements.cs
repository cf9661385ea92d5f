using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Data;

/// <summary>The three steps of a lease, each one conditional write whose row count decides.</summary>
internal static class LeaseStatements
{
    /// <summary>Takes a lease that nobody has had yet, or that is free and due: of several at once, exactly one changes a row.</summary>
    public static async Task<bool> TakeLeaseAsync(
        this AppDbContext db, string name, Guid holder, DateTime now, DateTime until, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "Leases" ("Name", "Holder", "ExpiresAt", "DueAt") VALUES ({name}, {holder}, {until}, {now})
            ON CONFLICT ("Name") DO UPDATE SET "Holder" = excluded."Holder", "ExpiresAt" = excluded."ExpiresAt"
            WHERE "Leases"."ExpiresAt" <= {now} AND "Leases"."DueAt" <= {now}
            """,
            cancellationToken) == 1;

    /// <summary>Prolongs a lease that is still held; false when it was lost.</summary>
    public static async Task<bool> RenewLeaseAsync(
        this AppDbContext db, string name, Guid holder, DateTime now, DateTime until, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"""UPDATE "Leases" SET "ExpiresAt" = {until} WHERE "Name" = {name} AND "Holder" = {holder} AND "ExpiresAt" > {now}""",
            cancellationToken) == 1;

    /// <summary>Gives a lease back, also while what it was for is being cancelled.</summary>
    public static Task ReleaseLeaseAsync(this AppDbContext db, string name, Guid holder, DateTime now, DateTime dueAt) =>
        db.Database.ExecuteSqlAsync(
            $"""UPDATE "Leases" SET "ExpiresAt" = {now}, "DueAt" = {dueAt} WHERE "Name" = {name} AND "Holder" = {holder}""",
            CancellationToken.None);
}
