using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Grants;

/// <summary>Asks whether the person behind a grant may still have tokens.</summary>
internal sealed class GrantHolders(TokenRows rows, Statements statements, IServiceScopeFactory scopes, SessionLife life)
{
    private static readonly Statement find = new(
        $"""
        SELECT {TokenHolder.Columns}
        FROM "Users" AS u LEFT JOIN "Sessions" AS s ON s."Id" = @sid AND s."UserId" = u."Id" AND s."EndedAt" IS NULL
        WHERE u."Subject" = @subject
        """,
        "@sid", "@subject");

    /// <summary>
    /// The state of the person and of the session: what was read with the code or the refresh token, or one read; and one more when another session
    /// continues that one.
    /// </summary>
    /// <param name="sid">The session the grant was made in.</param>
    public async Task<GrantHolder> FindAsync(string subject, string? sid, CancellationToken cancellationToken)
    {
        var found = rows.FindHolder(subject, sid) ?? await statements.ReadAsync(find, static row => TokenHolder.Read(row, first: 0), cancellationToken, sid, subject);
        if (found is not { DisabledAt: null })
        {
            return new GrantHolder(MaySignIn: false, Session: null);
        }

        var session = found.Session is { } known ? SessionOf(found.UserId, known) : null;
        return new GrantHolder(MaySignIn: true, session is null || await IsOverAsync(session, cancellationToken) ? null : session);
    }

    // A session that another continues is used through that one, and unused with it.
    private async Task<bool> IsOverAsync(Session session, CancellationToken cancellationToken)
    {
        var over = life.IsOver(session);
        if (over || session.SupersededAt is null)
        {
            return over;
        }

        await using var scope = scopes.CreateAsyncScope();
        var heads = await SessionChain.HeadsAsync(scope.ServiceProvider.GetRequiredService<AppDbContext>(), session.Id, cancellationToken);
        return heads.All(life.IsOver);
    }

    private static Session SessionOf(Guid userId, TokenSession session) => new()
    {
        Id = session.Id,
        UserId = userId,
        ExpiresAt = session.ExpiresAt,
        CreatedAt = session.CreatedAt,
        LastSeenAt = session.LastSeenAt,
        Persistent = session.Persistent,
        SupersededAt = session.SupersededAt,
    };
}

/// <param name="MaySignIn">False when the account was deleted or disabled.</param>
/// <param name="Session">The session of the grant, as far as its life goes; null when it has ended.</param>
internal sealed record GrantHolder(bool MaySignIn, Session? Session)
{
    /// <summary>The absolute end of the session of the grant; null when it has ended.</summary>
    public DateTime? SessionEnds => Session?.ExpiresAt;
}
