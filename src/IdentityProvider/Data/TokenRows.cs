using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Data;

/// <summary>
/// The tokens and grants of one request: those it read, with whom they were given to, and those it makes. A grant is written together with its first token, a token with its payload,
/// and what a token replaces is used up in the same transaction. The library's stores look here first.
/// </summary>
internal sealed class TokenRows(Statements statements)
{
    private const int HolderColumn = 28;

    private const string select =
        $"""
        SELECT t."Id", t."ApplicationId", t."AuthorizationId", t."ConcurrencyToken", t."CreationDate", t."ExpirationDate", t."Payload", t."Properties",
            t."RedemptionDate", t."Status", t."Subject", t."Type", t."Successor", t."SecretHash", t."Content",
            g."Id", g."ApplicationId", g."ConcurrencyToken", g."CreationDate", g."Properties", g."Scopes", g."Status", g."Subject", g."Type",
            g."SessionId", g."Offline", g."RequestedClaims", g."ClientSubject",
            {TokenHolder.Columns}
        FROM "Tokens" AS t LEFT JOIN "Grants" AS g ON g."Id" = t."AuthorizationId"
            LEFT JOIN "Users" AS u ON u."Subject" = t."Subject"
            LEFT JOIN "Sessions" AS s ON s."Id" = g."SessionId" AND s."UserId" = u."Id" AND s."EndedAt" IS NULL
        """;

    private static readonly Statement findById = new($"""{select} WHERE t."Id" = @id""", "@id");

    private static readonly Statement findFormer = new($"""{select} WHERE t."ReferenceId" = @reference""", "@reference");

    private static readonly Statement addGrant = new(
        """
        INSERT INTO "Grants" ("Id", "ApplicationId", "ConcurrencyToken", "CreationDate", "Properties", "Scopes", "Status", "Subject", "Type",
            "SessionId", "Offline", "RequestedClaims", "ClientSubject")
        VALUES (@id, @client, @version, @created, @properties, @scopes, @status, @subject, @type, @sid, @offline, @claims, @client_subject)
        """,
        "@id", "@client", "@version", "@created", "@properties", "@scopes", "@status", "@subject", "@type", "@sid", "@offline", "@claims", "@client_subject");

    private static readonly Statement addToken = new(
        """
        INSERT INTO "Tokens" ("Id", "ApplicationId", "AuthorizationId", "CreationDate", "ExpirationDate", "Content", "Properties",
            "SecretHash", "Status", "Subject", "Type")
        VALUES (@id, @client, @grant, @created, @expires, @content, @properties, @hash, @status, @subject, @type)
        """,
        "@id", "@client", "@grant", "@created", "@expires", "@content", "@properties", "@hash", "@status", "@subject", "@type");

    private static readonly Statement useUp = new(
        $"""
        UPDATE "Tokens" SET "Status" = '{Statuses.Redeemed}', "RedemptionDate" = @now, "Successor" = @successor
        WHERE "Id" = @id AND "Status" = '{Statuses.Valid}'
        """,
        "@now", "@successor", "@id");

    private readonly List<Token> tokens = [];
    private readonly List<Grant> grants = [];
    private readonly HashSet<object> unwritten = [];
    private Found? presented;

    public Token? Find(Guid id) => tokens.Find(token => token.Id == id);

    public Grant? FindGrant(Guid id) => grants.Find(grant => grant.Id == id);

    /// <summary>The person and the session of the token that was read; null when they are others, or there is no such person.</summary>
    public TokenHolder? FindHolder(string subject, string? sid) =>
        presented is { Holder: { } holder, Token: var token, Grant: var grant } && token.Subject == subject && grant?.SessionId == sid ? holder : null;

    /// <summary>A token by its reference, together with its grant; from the database only the first time. Null for every text that is no reference of ours.</summary>
    public async ValueTask<Token?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        if (TokenReference.ReadId(reference) is { } id)
        {
            var known = Find(id);
            var found = known is null ? await statements.ReadAsync(findById, Read, cancellationToken, id) : null;
            // Whoever knows the id alone is told what a stranger is told.
            if ((known ?? found?.Token) is not { } token || !CryptographicOperations.FixedTimeEquals(token.SecretHash, TokenReference.Hash(reference)))
            {
                return null;
            }

            return known ?? Remember(found!);
        }

        return TokenReference.MayBeFormer(reference) ? await FindFormerAsync(Convert.ToBase64String(TokenReference.Hash(reference)), cancellationToken) : null;
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

    /// <summary>Writes a new token with its content, and with the grant it hangs on if that is new too.</summary>
    /// <param name="reference">By which it is handed out.</param>
    /// <param name="payload">Its content, protected by Data Protection.</param>
    /// <param name="replaced">What it takes the place of, which is used up in the same transaction.</param>
    /// <returns>False when that was no longer valid: nothing was written.</returns>
    public async Task<bool> WriteAsync(Guid id, string reference, string payload, TokenUse? replaced, CancellationToken cancellationToken)
    {
        var token = tokens.Single(token => token.Id == id && unwritten.Contains(token));
        token.Content = Base64Url.DecodeFromChars(payload);
        token.SecretHash = TokenReference.Hash(reference);
        var newGrants = grants.Where(unwritten.Contains).ToList();
        var written = await statements.WriteAsync(
            async writer =>
            {
                if (replaced is not null && await UseUpAsync(writer, replaced) == 0)
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
        if (written)
        {
            unwritten.ExceptWith(newGrants);
        }
        else
        {
            tokens.Remove(token);
        }

        return written;
    }

    /// <summary>Uses up a token that nothing takes the place of.</summary>
    /// <returns>False when it was no longer valid.</returns>
    public Task<bool> UseUpAsync(TokenUse use, CancellationToken cancellationToken) =>
        statements.WriteAsync(async writer => await UseUpAsync(writer, use) == 1, cancellationToken);

    private async ValueTask<Token?> FindFormerAsync(string hash, CancellationToken cancellationToken)
    {
        if (tokens.Find(token => token.ReferenceId == hash) is { } known)
        {
            return known;
        }

        if (await statements.ReadAsync(findFormer, Read, cancellationToken, hash) is not { } found)
        {
            return null;
        }

        found.Token.ReferenceId = hash;
        return Remember(found);
    }

    private Token Remember(Found found)
    {
        presented = found;
        tokens.Add(found.Token);
        if (found.Grant is not null && FindGrant(found.Grant.Id) is null)
        {
            grants.Add(found.Grant);
        }

        return found.Token;
    }

    private static ValueTask<int> UseUpAsync(StatementWriter writer, TokenUse use) =>
        writer.ExecuteAsync(useUp, use.Now, use.Successor, use.Id);

    /// <summary>Writes a grant in the transaction of somebody who must know more of it.</summary>
    public static ValueTask<int> AddAsync(StatementWriter writer, Grant grant) => writer.ExecuteAsync(
        addGrant, grant.Id, grant.ApplicationId, grant.ConcurrencyToken, grant.CreationDate, grant.Properties, grant.Scopes, grant.Status, grant.Subject, grant.Type,
        grant.SessionId, grant.Offline, grant.RequestedClaims, grant.ClientSubject);

    private static ValueTask<int> AddAsync(StatementWriter writer, Token token) => writer.ExecuteAsync(
        addToken, token.Id, token.ApplicationId, token.AuthorizationId, token.CreationDate, token.ExpirationDate, token.Content, token.Properties,
        token.SecretHash, token.Status, token.Subject, token.Type);

    private static Found Read(DbDataReader row) => new(
        new Token
        {
            Id = row.GetGuid(0),
            ApplicationId = row.Guid(1),
            AuthorizationId = row.Guid(2),
            ConcurrencyToken = row.Text(3),
            CreationDate = row.Utc(4),
            ExpirationDate = row.Utc(5),
            Payload = row.Bytes(14) is { } content ? Base64Url.EncodeToString(content) : row.Text(6),
            Properties = row.Text(7),
            RedemptionDate = row.Utc(8),
            Status = row.Text(9),
            Subject = row.Text(10),
            Type = row.Text(11),
            Successor = row.Text(12),
            SecretHash = row.Bytes(13),
        },
        row.IsDBNull(15) ? null : new Grant
        {
            Id = row.GetGuid(15),
            ApplicationId = row.Guid(16),
            ConcurrencyToken = row.Text(17),
            CreationDate = row.Utc(18),
            Properties = row.Text(19),
            Scopes = row.Text(20),
            Status = row.Text(21),
            Subject = row.Text(22),
            Type = row.Text(23),
            SessionId = row.Text(24),
            Offline = row.GetBoolean(25),
            RequestedClaims = row.Text(26),
            ClientSubject = row.Text(27),
        },
        row.IsDBNull(HolderColumn) ? null : TokenHolder.Read(row, HolderColumn));

    private sealed record Found(Token Token, Grant? Grant, TokenHolder? Holder);
}

/// <summary>The person a token was given to.</summary>
/// <param name="Session">The session it was given in, unless that has ended.</param>
internal sealed record TokenHolder(Guid UserId, DateTime? DisabledAt, TokenSession? Session)
{
    /// <summary>What <see cref="Read"/> reads: of the person as <c>u</c> and of the session as <c>s</c>.</summary>
    public const string Columns =
        """
        u."Id", u."DisabledAt", s."Id", s."ExpiresAt", s."CreatedAt", s."LastSeenAt", s."Persistent", s."SupersededAt"
        """;

    /// <summary>Reads <see cref="Columns"/>.</summary>
    /// <param name="first">The column of the person's id.</param>
    public static TokenHolder Read(DbDataReader row, int first) => new(row.GetGuid(first), row.Utc(first + 1), row.Text(first + 2) is not { } sid ? null : new TokenSession(
        sid, row.Time(first + 3), row.Time(first + 4), row.Time(first + 5), row.GetBoolean(first + 6), row.Utc(first + 7)));
}

/// <summary>The life of a session that has not been ended; all times are UTC.</summary>
internal sealed record TokenSession(string Id, DateTime ExpiresAt, DateTime CreatedAt, DateTime LastSeenAt, bool Persistent, DateTime? SupersededAt);

/// <summary>That a token is used up.</summary>
/// <param name="Id">Which.</param>
/// <param name="Now">When, in UTC.</param>
/// <param name="Successor">From what the reference of its successor follows; null when nobody may ask for that.</param>
internal sealed record TokenUse(Guid Id, DateTime Now, string? Successor);
