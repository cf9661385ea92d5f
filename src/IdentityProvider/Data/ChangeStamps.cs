using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Data;

/// <summary>The names of the stamps, and the one way to move them.</summary>
internal static class ChangeStamps
{
    public const string Clients = "clients";
    public const string Scopes = "scopes";
    public const string Keys = "keys";
    public const string Permissions = "permissions";

    /// <summary>Never moved, only held: by whoever gives a person a name or an address.</summary>
    public const string Names = "names";

    /// <summary>Says that something changed. Part of the caller's transaction: nobody hears of a change that was rolled back.</summary>
    public static Task BumpAsync(this AppDbContext db, string stamp, CancellationToken cancellationToken) =>
        // The upsert is the same SQL on both databases, and one statement: two nodes may bump a stamp that nobody made yet.
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "ChangeStamps" ("Name", "Version") VALUES ({stamp}, 1)
            ON CONFLICT ("Name") DO UPDATE SET "Version" = "ChangeStamps"."Version" + 1
            """,
            cancellationToken);

    /// <summary>
    /// Holds the stamp's row until the caller's transaction ends, without moving it:
    /// whoever else wants to hold it waits, on this node and on every other.
    /// </summary>
    public static Task HoldAsync(this AppDbContext db, string stamp, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "ChangeStamps" ("Name", "Version") VALUES ({stamp}, 0)
            ON CONFLICT ("Name") DO UPDATE SET "Version" = "ChangeStamps"."Version"
            """,
            cancellationToken);
}
