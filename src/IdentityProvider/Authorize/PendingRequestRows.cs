using System.Data.Common;
using IdentityProvider.Data;

namespace IdentityProvider.Authorize;

/// <summary>The rows of pending requests. What may happen once is one conditional update.</summary>
internal sealed class PendingRequestRows(Statements statements)
{
    private const string Columns =
        """
        "Id", "ClientId", "Parameters", "StartedAt", "ExpiresAt", "BrowserHash", "DeniedAt", "ChosenSessionId", "PushedReference", "CompletedAt"
        """;

    private static readonly Statement add = new(
        """
        INSERT INTO "PendingRequests" ("Id", "ClientId", "Parameters", "StartedAt", "ExpiresAt", "BrowserHash", "PushedReference")
        VALUES (@id, @client, @parameters, @started, @expires, @browser, @reference)
        """,
        "@id", "@client", "@parameters", "@started", "@expires", "@browser", "@reference");

    private static readonly Statement find = new($"""SELECT {Columns} FROM "PendingRequests" WHERE "Id" = @id""", "@id");

    private static readonly Statement findPushed = new(
        $"""SELECT {Columns} FROM "PendingRequests" WHERE "PushedReference" = @reference""", "@reference");

    private static readonly Statement bind = new(
        """
        UPDATE "PendingRequests" SET "BrowserHash" = @browser, "StartedAt" = @started, "ExpiresAt" = @expires
        WHERE "Id" = @id AND "BrowserHash" IS NULL
        """,
        "@browser", "@started", "@expires", "@id");

    private static readonly Statement complete = new(
        """UPDATE "PendingRequests" SET "CompletedAt" = @now WHERE "Id" = @id AND "CompletedAt" IS NULL""", "@now", "@id");

    private static readonly Statement deny = new("""UPDATE "PendingRequests" SET "DeniedAt" = @now WHERE "Id" = @id""", "@now", "@id");

    private static readonly Statement forgetDenial = new(
        """UPDATE "PendingRequests" SET "DeniedAt" = NULL WHERE "Id" = @id AND "DeniedAt" IS NOT NULL""", "@id");

    private static readonly Statement chooseSession = new(
        """UPDATE "PendingRequests" SET "ChosenSessionId" = @sid, "DeniedAt" = NULL WHERE "Id" = @id""", "@sid", "@id");

    public Task AddAsync(PendingRequest pending, CancellationToken cancellationToken) => statements.ExecuteAsync(
        add, cancellationToken, pending.Id, pending.ClientId, pending.Parameters, pending.StartedAt, pending.ExpiresAt, pending.BrowserHash, pending.PushedReference);

    public ValueTask<PendingRequest?> FindAsync(string id, CancellationToken cancellationToken) =>
        statements.ReadAsync(find, Read, cancellationToken, id);

    /// <param name="reference">The hash of what the client names it by.</param>
    public ValueTask<PendingRequest?> FindPushedAsync(byte[] reference, CancellationToken cancellationToken) =>
        statements.ReadAsync(findPushed, Read, cancellationToken, reference);

    /// <summary>Gives the request its browser, and with it a new beginning.</summary>
    /// <returns>False when it had one already.</returns>
    public async Task<bool> BindAsync(string id, byte[] browser, DateTime started, DateTime expires, CancellationToken cancellationToken) =>
        await statements.ExecuteAsync(bind, cancellationToken, browser, started, expires, id) == 1;

    /// <returns>False when it was completed before.</returns>
    public async Task<bool> CompleteAsync(string id, DateTime now, CancellationToken cancellationToken) =>
        await statements.ExecuteAsync(complete, cancellationToken, now, id) == 1;

    public Task DenyAsync(string id, DateTime now, CancellationToken cancellationToken) => statements.ExecuteAsync(deny, cancellationToken, now, id);

    public Task ForgetDenialAsync(string id, CancellationToken cancellationToken) => statements.ExecuteAsync(forgetDenial, cancellationToken, id);

    public Task ChooseSessionAsync(string id, string sid, CancellationToken cancellationToken) =>
        statements.ExecuteAsync(chooseSession, cancellationToken, sid, id);

    private static PendingRequest Read(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        ClientId = row.GetString(1),
        Parameters = row.GetString(2),
        StartedAt = row.Time(3),
        ExpiresAt = row.Time(4),
        BrowserHash = row.Bytes(5),
        DeniedAt = row.Utc(6),
        ChosenSessionId = row.Text(7),
        PushedReference = row.Bytes(8),
        CompletedAt = row.Utc(9),
    };
}
