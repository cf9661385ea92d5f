using IdentityProvider.Data;
using IdentityProvider.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Grants;

/// <summary>Asks whether the person behind a grant may still have tokens.</summary>
internal sealed class GrantHolders(AppDbContext db, TimeProvider clock)
{
    /// <summary>The state of the person and of the session, in one read.</summary>
    /// <param name="sid">The session the grant was made in.</param>
    public async Task<GrantHolder> FindAsync(string subject, string? sid, CancellationToken cancellationToken)
    {
        var found = await db.Users.AsNoTracking().Where(user => user.Subject == subject)
            .Select(user => new
            {
                user.DisabledAt,
                SessionEnds = db.Set<Session>()
                    .Where(session => session.Id == sid && session.EndedAt == null)
                    .Max(session => (DateTime?)session.ExpiresAt),
            })
            .SingleOrDefaultAsync(cancellationToken);

        return found is null or { DisabledAt: not null }
            ? new GrantHolder(MaySignIn: false, SessionEnds: null)
            : new GrantHolder(MaySignIn: true, found.SessionEnds is { } ends && ends > clock.GetUtcNow().UtcDateTime ? ends : null);
    }
}

/// <param name="MaySignIn">False when the account was deleted or disabled.</param>
/// <param name="SessionEnds">When the session of the grant ends; null when it has ended.</param>
internal sealed record GrantHolder(bool MaySignIn, DateTime? SessionEnds);
