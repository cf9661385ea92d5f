namespace IdentityProvider.Data;

/// <summary>The three steps of a lease, each one conditional write whose row count decides.</summary>
internal static class LeaseStatements
{
    private static readonly Statement take = new(
        """
        INSERT INTO "Leases" ("Name", "Holder", "ExpiresAt", "DueAt") VALUES (@name, @holder, @until, @now)
        ON CONFLICT ("Name") DO UPDATE SET "Holder" = excluded."Holder", "ExpiresAt" = excluded."ExpiresAt"
        WHERE "Leases"."ExpiresAt" <= @now AND "Leases"."DueAt" <= @now
        """,
        "@name", "@holder", "@until", "@now");

    private static readonly Statement renew = new(
        """UPDATE "Leases" SET "ExpiresAt" = @until WHERE "Name" = @name AND "Holder" = @holder AND "ExpiresAt" > @now""",
        "@until", "@name", "@holder", "@now");

    private static readonly Statement release = new(
        """UPDATE "Leases" SET "ExpiresAt" = @now, "DueAt" = @due WHERE "Name" = @name AND "Holder" = @holder""",
        "@now", "@due", "@name", "@holder");

    /// <summary>Takes a lease that nobody has had yet, or that is free and due: of several at once, exactly one changes a row.</summary>
    public static async Task<bool> TakeLeaseAsync(
        this Statements statements, string name, Guid holder, DateTime now, DateTime until, CancellationToken cancellationToken) =>
        await statements.ExecuteAsync(take, cancellationToken, name, holder, until, now) == 1;

    /// <summary>Prolongs a lease that is still held; false when it was lost.</summary>
    public static async Task<bool> RenewLeaseAsync(
        this Statements statements, string name, Guid holder, DateTime now, DateTime until, CancellationToken cancellationToken) =>
        await statements.ExecuteAsync(renew, cancellationToken, until, name, holder, now) == 1;

    /// <summary>Gives a lease back, also while what it was for is being cancelled.</summary>
    public static Task ReleaseLeaseAsync(this Statements statements, string name, Guid holder, DateTime now, DateTime dueAt) =>
        statements.ExecuteAsync(release, CancellationToken.None, now, dueAt, name, holder);
}
