using System.Data.Common;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Data;

/// <summary>
/// The tokens and grants of one request: those it read, and those it makes. A grant is written together with its first token, a token with its payload,
/// and what a token replaces is used up in the same transaction. The library's stores look here first.
/// </summary>
internal sealed class TokenRows(Statements statements)
{
    private static readonly Statement find = new(
        """
        SELECT t."Id", t."ApplicationId", t."AuthorizationId", t."ConcurrencyToken", t."CreationDate", t."ExpirationDate", t."Payload", t."Properties",
            t."RedemptionDate", t."Status", t."Subject", t."Type", t."Successor",
            g."Id", g."ApplicationId", g."ConcurrencyToken", g."CreationDate", g."Properties", g."Scopes", g."Status", g."Subject", g."Type",
            g."SessionId", g."Offline", g."RequestedClaims", g."ClientSubject"
        FROM "Tokens" AS t LEFT JOIN "Grants" AS g ON g."Id" = t."AuthorizationId"
        WHERE t."ReferenceId" = @reference
        """,
        "@reference");

    private static readonly Statement addGrant = new(
        """
        INSERT INTO "Grants" ("Id", "ApplicationId", "ConcurrencyToken", "CreationDate", "Properties", "Scopes", "Status", "Subject", "Type",
            "SessionId", "Offline", "RequestedClaims", "ClientSubject")
        VALUES (@id, @client, @version, @created, @properties, @scopes, @status, @subject, @type, @sid, @offline, @claims, @client_subject)
        """,
        "@id", "@client", "@version", "@created", "@properties", "@scopes", "@status", "@subject", "@type", "@sid", "@offline", "@claims", "@client_subject");

    private static readonly Statement addToken = new(
        """
        INSERT INTO "Tokens" ("Id", "ApplicationId", "AuthorizationId", "ConcurrencyToken", "CreationDate", "ExpirationDate", "Payload", "Properties",
            "ReferenceId", "Status", "Subject", "Type")
        VALUES (@id, @client, @grant, @version, @created, @expires, @payload, @properties, @reference, @status, @subject, @type)
        """,
        "@id", "@client", "@grant", "@version", "@created", "@expires", "@payload", "@properties", "@reference", "@status", "@subject", "@type");

    private static readonly Statement useUp = new(
        $"""
        UPDATE "Tokens" SET "Status" = '{Statuses.Redeemed}', "RedemptionDate" = @now, "Successor" = @successor
        WHERE "Id" = @id AND "Status" = '{Statuses.Valid}'
        """,
        "@now", "@successor", "@id");

    private readonly List<Token> tokens = [];
    private readonly List<Grant> grants = [];
    private readonly HashSet<object> unwritten = [];
    private readonly Dictionary<Token, TokenUse> uses = [];

    public Token? Find(Guid id) => tokens.Find(token => token.Id == id);

    public Grant? FindGrant(Guid id) => grants.Find(grant => grant.Id == id);

    /// <summary>A token by its reference, together with its grant; from the database only the first time.</summary>
    public async ValueTask<Token?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        if (tokens.Find(token => token.ReferenceId == reference) is { } known)
        {
            return known;
        }

        if (await statements.ReadAsync(find, Read, cancellationToken, reference) is not { } found)
        {
            return null;
        }

        found.Token.ReferenceId = reference;
        tokens.Add(found.Token);
        if (found.Grant is not null && FindGrant(found.Grant.Id) is null)
        {
            grants.Add(found.Grant);
        }

        return found.Token;
    }

    /// <summary>Remembers a grant that is written with its first token.</summary>
    public void Add(Grant grant)
    {
        grant.Id = grant.Id == Guid.Empty ? Guid.CreateVersion7() : grant.Id;
        grants.Add(grant);
        unwritten.Add(grant);
    }

    /// <summary>Remembers a token that is written when its payload is known.</summary>
    public void Add(Token token)
    {
        token.Id = token.Id == Guid.Empty ? Guid.CreateVersion7() : token.Id;
        tokens.Add(token);
        unwritten.Add(token);
    }

    public bool IsUnwritten(Token token) => unwritten.Contains(token);

    /// <summary>Notes that a new token takes the place of another, which is used up by the same write.</summary>
    /// <param name="token">The new one.</param>
    public void Replace(Token token, TokenUse use) => uses[token] = use;

    /// <summary>Writes a new token with the grant it hangs on, if that is new too.</summary>
    /// <exception cref="OpenIddictExceptions.ConcurrencyException">What it takes the place of was no longer valid: nothing was written.</exception>
    public async Task WriteAsync(Token token, CancellationToken cancellationToken)
    {
        var newGrants = grants.Where(unwritten.Contains).ToList();
        var use = uses.GetValueOrDefault(token);
        var written = await statements.WriteAsync(
            async writer =>
            {
                if (use is not null && await UseUpAsync(writer, use) == 0)
                {
                    return false;
                }

                foreach (var grant in newGrants)
                {
                    await AddAsync(writer, grant);
                }

                await AddAsync(writer, token);
                return true;
            },
            cancellationToken);

        unwritten.Remove(token);
        if (!written)
        {
            tokens.Remove(token);
            throw new OpenIddictExceptions.ConcurrencyException("The token that this one replaces has been used already.");
        }

        unwritten.ExceptWith(newGrants);
    }

    /// <summary>Uses up a token that nothing takes the place of.</summary>
    /// <returns>False when it was no longer valid.</returns>
    public Task<bool> UseUpAsync(TokenUse use, CancellationToken cancellationToken) =>
        statements.WriteAsync(async writer => await UseUpAsync(writer, use) == 1, cancellationToken);

    private static ValueTask<int> UseUpAsync(StatementWriter writer, TokenUse use) =>
        writer.ExecuteAsync(useUp, use.Now, use.Successor, use.Id);

    /// <summary>Writes a grant in the transaction of somebody who must know more of it.</summary>
    public static ValueTask<int> AddAsync(StatementWriter writer, Grant grant) => writer.ExecuteAsync(
        addGrant, grant.Id, grant.ApplicationId, grant.ConcurrencyToken, grant.CreationDate, grant.Properties, grant.Scopes, grant.Status, grant.Subject, grant.Type,
        grant.SessionId, grant.Offline, grant.RequestedClaims, grant.ClientSubject);

    private static ValueTask<int> AddAsync(StatementWriter writer, Token token) => writer.ExecuteAsync(
        addToken, token.Id, token.ApplicationId, token.AuthorizationId, token.ConcurrencyToken, token.CreationDate, token.ExpirationDate, token.Payload, token.Properties,
        token.ReferenceId, token.Status, token.Subject, token.Type);

    private static Found Read(DbDataReader row) => new(
        new Token
        {
            Id = row.GetGuid(0),
            ApplicationId = row.Guid(1),
            AuthorizationId = row.Guid(2),
            ConcurrencyToken = row.Text(3),
            CreationDate = row.Utc(4),
            ExpirationDate = row.Utc(5),
            Payload = row.Text(6),
            Properties = row.Text(7),
            RedemptionDate = row.Utc(8),
            Status = row.Text(9),
            Subject = row.Text(10),
            Type = row.Text(11),
            Successor = row.Text(12),
        },
        row.IsDBNull(13) ? null : new Grant
        {
            Id = row.GetGuid(13),
            ApplicationId = row.Guid(14),
            ConcurrencyToken = row.Text(15),
            CreationDate = row.Utc(16),
            Properties = row.Text(17),
            Scopes = row.Text(18),
            Status = row.Text(19),
            Subject = row.Text(20),
            Type = row.Text(21),
            SessionId = row.Text(22),
            Offline = row.GetBoolean(23),
            RequestedClaims = row.Text(24),
            ClientSubject = row.Text(25),
        });

    private sealed record Found(Token Token, Grant? Grant);
}

/// <summary>That a token is used up.</summary>
/// <param name="Id">Which.</param>
/// <param name="Now">When, in UTC.</param>
/// <param name="Successor">What replaced it, wrapped; null when nobody may ask for that.</param>
internal sealed record TokenUse(Guid Id, DateTime Now, string? Successor);
