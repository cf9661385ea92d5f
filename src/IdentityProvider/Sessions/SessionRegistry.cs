using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Sessions;

/// <summary>The one door through which sessions end.</summary>
internal sealed class SessionRegistry(
    AppDbContext db,
    PresentedSessions presented,
    IEnumerable<ISessionEndedHandler> endedHandlers,
    AuditLog audit,
    TimeProvider clock)
{
    /// <summary>Ends the session of this request, if there is one, and removes its cookie.</summary>
    public async Task EndCurrentAsync(HttpContext http, SessionEndReason reason, CancellationToken cancellationToken)
    {
        if (await presented.FindAsync(http) is { } current)
        {
            await EndAsync(current.Sid, reason, cancellationToken);
        }

        presented.Take(http);
    }

    /// <summary>Ends one session. Ending it twice is no error.</summary>
    /// <returns>Whether it lived until now.</returns>
    public async Task<bool> EndAsync(string sid, SessionEndReason reason, CancellationToken cancellationToken)
    {
        var session = await db.Set<Session>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == sid, cancellationToken);
        return session is { EndedAt: null } && await EndAsync(session, reason, cancellationToken);
    }

    /// <summary>Ends what became of a session: itself, or the one that the same browser continues it with.</summary>
    /// <returns>Whether anything lived until now.</returns>
    public async Task<bool> EndWithSuccessorsAsync(string sid, SessionEndReason reason, CancellationToken cancellationToken)
    {
        var ended = false;
        // Again until there is none: the browser may have signed in anew meanwhile.
        while (await SessionChain.HeadsAsync(db, sid, cancellationToken) is { Count: > 0 } heads)
        {
            foreach (var head in heads)
            {
                ended |= await EndAsync(head, reason, cancellationToken);
            }
        }

        return ended;
    }

    /// <summary>Ends every session of a person but this one and those it continues.</summary>
    public async Task EndOthersAsync(CurrentSession kept, SessionEndReason reason, CancellationToken cancellationToken)
    {
        await using var own = db.Database.CurrentTransaction is null
            ? await db.Database.BeginTransactionAsync(cancellationToken)
            : null;
        await HoldAsync(db.Users.Where(row => row.Id == kept.UserId), cancellationToken);
        var sessions = await db.Set<Session>().AsNoTracking()
            .Where(row => row.UserId == kept.UserId && row.EndedAt == null).OrderByDescending(row => row.CreatedAt).ToListAsync(cancellationToken);
        var goesOn = SessionChain.Of(kept.Sid, sessions.ToDictionary(session => session.Id));
        foreach (var session in sessions.Where(session => !goesOn.Contains(session.Id)))
        {
            await EndAsync(session, reason, cancellationToken);
        }

        if (own is not null)
        {
            await own.CommitAsync(cancellationToken);
        }
    }

    /// <summary>Ends every session of a person.</summary>
    public async Task EndAllAsync(Guid userId, SessionEndReason reason, CancellationToken cancellationToken)
    {
        // As for one session: a caller that already holds a transaction keeps it.
        await using var own = db.Database.CurrentTransaction is null
            ? await db.Database.BeginTransactionAsync(cancellationToken)
            : null;
        await HoldAsync(db.Users.Where(row => row.Id == userId), cancellationToken);
        var sessions = await db.Set<Session>().AsNoTracking()
            .Where(row => row.UserId == userId && row.EndedAt == null).OrderByDescending(row => row.CreatedAt).ToListAsync(cancellationToken);
        foreach (var session in sessions)
        {
            await EndAsync(session, reason, cancellationToken);
        }

        var subject = await db.Users.Where(user => user.Id == userId).Select(user => user.Subject).SingleAsync(cancellationToken);
        foreach (var handler in endedHandlers)
        {
            await handler.AllSessionsEndedAsync(subject, reason, cancellationToken);
        }

        if (own is not null)
        {
            await own.CommitAsync(cancellationToken);
        }
    }

    // A sign-in of this person on another node has been committed before this, or begins after it.
    private static Task<int> HoldAsync(IQueryable<User> user, CancellationToken cancellationToken) =>
        user.ExecuteUpdateAsync(set => set.SetProperty(row => row.SecurityStamp, row => row.SecurityStamp), cancellationToken);

    private async Task<bool> EndAsync(Session session, SessionEndReason reason, CancellationToken cancellationToken)
    {
        // One transaction: a session is never ended without its grants, nor the reverse.
        // A caller that already holds one (disabling a user, changing a password) keeps it.
        await using var own = db.Database.CurrentTransaction is null
            ? await db.Database.BeginTransactionAsync(cancellationToken)
            : null;

        var ended = await EndOneAsync(session, reason, cancellationToken);
        var (more, earlier) = (ended, session.Continues);
        while (more && earlier is not null)
        {
            var before = await db.Set<Session>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == earlier && row.EndedAt == null, cancellationToken);
            more = before is not null && await EndOneAsync(before, reason, cancellationToken);
            earlier = before?.Continues;
        }

        if (own is not null)
        {
            await own.CommitAsync(cancellationToken);
        }

        return ended;
    }

    private async Task<bool> EndOneAsync(Session session, SessionEndReason reason, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var reasonText = reason.ToString();
        var ended = await db.Set<Session>().Where(row => row.Id == session.Id && row.EndedAt == null)
            .ExecuteUpdateAsync(set => set
                .SetProperty(row => row.EndedAt, now)
                .SetProperty(row => row.EndReason, reasonText), cancellationToken);

        // Two nodes may end it at once: the one whose update counted does the rest.
        if (ended == 1)
        {
            foreach (var handler in endedHandlers)
            {
                await handler.SessionEndedAsync(session, reason, cancellationToken);
            }

            var subject = await db.Users.Where(user => user.Id == session.UserId).Select(user => user.Subject)
                .SingleOrDefaultAsync(cancellationToken);
            audit.Add(db, AuditEventType.SessionEnded, succeeded: true, subject, sessionId: session.Id, reason: reasonText);
            await db.SaveChangesAsync(cancellationToken);
        }

        return ended == 1;
    }
}
