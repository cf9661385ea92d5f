using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Grants;

/// <summary>Asks whether the person behind a grant may still have tokens.</summary>
internal sealed class GrantHolders(AppDbContext db, SessionLife life)
{
    /// <summary>The state of the person and of the session, in one read; in two when another session continues that one.</summary>
    /// <param name="sid">The session the grant was made in.</param>
    public async Task<GrantHolder> FindAsync(string subject, string? sid, CancellationToken cancellationToken)
    {
        var found = await (
            from user in db.Users.AsNoTracking()
            where user.Subject == subject
            from session in db.Set<Session>().Where(session => session.Id == sid && session.UserId == user.Id && session.EndedAt == null).DefaultIfEmpty()
            select new { user.DisabledAt, session }).SingleOrDefaultAsync(cancellationToken);

        var live = found is { DisabledAt: null, session: { } lives } && !await IsOverAsync(lives, cancellationToken) ? lives : null;
        return new GrantHolder(MaySignIn: found is { DisabledAt: null }, live);
    }

    // A session that another continues is used through that one, and unused with it.
    private async Task<bool> IsOverAsync(Session session, CancellationToken cancellationToken) =>
        life.IsOver(session)
        || (session.SupersededAt is not null && (await SessionChain.HeadsAsync(db, session.Id, cancellationToken)).All(life.IsOver));
}

/// <param name="MaySignIn">False when the account was deleted or disabled.</param>
/// <param name="Session">The session of the grant; null when it has ended.</param>
internal sealed record GrantHolder(bool MaySignIn, Session? Session)
{
    /// <summary>The absolute end of the session of the grant; null when it has ended.</summary>
    public DateTime? SessionEnds => Session?.ExpiresAt;
}
