using System.Data.Common;
using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Grants;

/// <summary>Asks whether the person behind a grant may still have tokens.</summary>
internal sealed class GrantHolders(Statements statements, IServiceScopeFactory scopes, SessionLife life)
{
    private static readonly Statement find = new(
        """
        SELECT u."DisabledAt", u."Id", s."Id", s."ExpiresAt", s."CreatedAt", s."LastSeenAt", s."Persistent", s."SupersededAt"
        FROM "Users" AS u LEFT JOIN "Sessions" AS s ON s."Id" = @sid AND s."UserId" = u."Id" AND s."EndedAt" IS NULL
        WHERE u."Subject" = @subject
        """,
        "@sid", "@subject");

    /// <summary>The state of the person and of the session, in one read; in two when another session continues that one.</summary>
    /// <param name="sid">The session the grant was made in.</param>
    public async Task<GrantHolder> FindAsync(string subject, string? sid, CancellationToken cancellationToken)
    {
        if (await statements.ReadAsync(find, Found.Read, cancellationToken, sid, subject) is not { DisabledAt: null, Session: var session })
        {
            return new GrantHolder(MaySignIn: false, Session: null);
        }

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

    private sealed record Found(DateTime? DisabledAt, Session? Session)
    {
        public static Found Read(DbDataReader row) => new(row.Utc(0), row.Text(2) is not { } sid ? null : new Session
        {
            Id = sid,
            UserId = row.GetGuid(1),
            ExpiresAt = row.Time(3),
            CreatedAt = row.Time(4),
            LastSeenAt = row.Time(5),
            Persistent = row.GetBoolean(6),
            SupersededAt = row.Utc(7),
        });
    }
}

/// <param name="MaySignIn">False when the account was deleted or disabled.</param>
/// <param name="Session">The session of the grant, as far as its life goes; null when it has ended.</param>
internal sealed record GrantHolder(bool MaySignIn, Session? Session)
{
    /// <summary>The absolute end of the session of the grant; null when it has ended.</summary>
    public DateTime? SessionEnds => Session?.ExpiresAt;
}
