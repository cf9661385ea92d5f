using IdentityProvider.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace IdentityProvider.Sessions;

/// <summary>Reads who is signed in where, for a person's own page and for administrators. Whoever ends a session asks <see cref="SessionRegistry"/>.</summary>
internal sealed class SessionList(AppDbContext db, SessionLife life, TimeProvider clock)
{
    /// <summary>Live sessions, the last seen first.</summary>
    /// <param name="userId">Only this person's, where given.</param>
    /// <param name="clientId">Only those in which this client got access, where given.</param>
    /// <param name="first">The session that comes first whenever it was seen, where given.</param>
    /// <param name="most">How many at most.</param>
    public async Task<IReadOnlyList<ListedSession>> FindAsync(
        Guid? userId, string? clientId, string? first, int most, CancellationToken cancellationToken)
    {
        var query =
            from session in Live()
            join user in db.Users.AsNoTracking() on session.UserId equals user.Id
            where userId == null || session.UserId == userId
            // A first sieve: of somebody with several browsers it may let through one in which the client got nothing.
            where clientId == null || db.Set<Grant>().Any(grant =>
                grant.Subject == user.Subject && grant.Application!.ClientId == clientId && grant.Status == OpenIddictConstants.Statuses.Valid)
            select new { session, user.UserName, user.Subject };
        var ordered = first is null
            ? query.OrderByDescending(row => row.session.LastSeenAt)
            : query.OrderBy(row => row.session.Id == first ? 0 : 1).ThenByDescending(row => row.session.LastSeenAt);
        var found = await ordered.ThenBy(row => row.session.Id).Take(most).ToListAsync(cancellationToken);

        var apps = await AppsAsync([.. found.Select(row => row.session)], cancellationToken);
        return
        [
            .. from row in found
               let own = apps[row.session.Id]
               where clientId is null || own.Any(app => app.ClientId == clientId)
               select new ListedSession(row.session, row.UserName ?? row.Subject, own),
        ];
    }

    /// <summary>Whether this is a session of this person that has not ended, or one that the same browser continues; somebody else's is none.</summary>
    /// <param name="sid">As it came from outside: compared here, because not every text can be sent to a database.</param>
    public async Task<bool> ContainsAsync(Guid userId, string sid, CancellationToken cancellationToken)
    {
        var own = await db.Set<Session>().Where(session => session.UserId == userId && session.EndedAt == null).Select(session => session.Id).ToListAsync(cancellationToken);
        return own.Contains(sid);
    }

    public Task<int> CountAsync(Guid userId, CancellationToken cancellationToken) =>
        Live().CountAsync(session => session.UserId == userId, cancellationToken);

    /// <summary>The session that a <c>sid</c> stands for today: itself, or the one that has taken it over since. Null when that one is not known or has ended.</summary>
    public async Task<Session?> FindSuccessorAsync(string sid, CancellationToken cancellationToken) =>
        await SessionChain.HeadsAsync(db, sid, cancellationToken) is [var successor, ..] ? successor : null;

    /// <summary>Apps that go on without the person being signed in: they hold a refresh token that signing out does not end.</summary>
    public async Task<IReadOnlyList<LastingApp>> LastingAppsAsync(string subject, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var found = await db.Set<Grant>().AsNoTracking()
            .Where(grant => grant.Subject == subject && grant.Offline && grant.Status == OpenIddictConstants.Statuses.Valid)
            .Where(grant => db.Set<Token>().Any(token => token.AuthorizationId == grant.Id && token.Status == OpenIddictConstants.Statuses.Valid
                && token.Type == OpenIddictConstants.TokenTypeIdentifiers.RefreshToken && token.ExpirationDate > now))
            .GroupBy(grant => new { grant.Application!.ClientId, grant.Application.DisplayName })
            .Select(group => new { group.Key.ClientId, group.Key.DisplayName, Since = group.Min(grant => grant.CreationDate) })
            .ToListAsync(cancellationToken);
        return [.. found.Select(app => new LastingApp(app.DisplayName ?? app.ClientId!, app.Since ?? now)).OrderBy(app => app.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Whom this person signs in with when not by password; null when it could be more than one.</summary>
    public async Task<string?> UpstreamProviderAsync(Guid userId, CancellationToken cancellationToken)
    {
        var names = await db.Set<IdentityUserLogin<Guid>>().AsNoTracking().Where(login => login.UserId == userId)
            .Select(login => login.ProviderDisplayName).Distinct().ToListAsync(cancellationToken);
        return names is [var only] ? only : null;
    }

    private IQueryable<Session> Live()
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var unused = now - life.Idle(persistent: false);
        var unusedRemembered = now - life.Idle(persistent: true);
        return db.Set<Session>().AsNoTracking()
            .Where(session => session.EndedAt == null && session.SupersededAt == null && session.ExpiresAt > now)
            // As in SessionLife: one that nobody uses any more is over before the job ends it.
            .Where(session => session.Persistent
                ? session.LastSeenAt > unusedRemembered || session.CreatedAt > unusedRemembered
                : session.LastSeenAt > unused || session.CreatedAt > unused);
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<SessionApp>>> AppsAsync(IReadOnlyList<Session> live, CancellationToken cancellationToken)
    {
        var people = live.Where(session => session.Continues is not null).Select(session => session.UserId).Distinct().ToList();
        var known = live.ToDictionary(session => session.Id);
        if (people.Count > 0)
        {
            foreach (var earlier in await db.Set<Session>().AsNoTracking()
                .Where(row => people.Contains(row.UserId) && row.EndedAt == null && row.SupersededAt != null).ToListAsync(cancellationToken))
            {
                known[earlier.Id] = earlier;
            }
        }

        var sids = known.Keys.ToList();
        var grants = await db.Set<Grant>().AsNoTracking()
            .Where(grant => grant.Status == OpenIddictConstants.Statuses.Valid && sids.Contains(grant.SessionId!))
            .Select(grant => new { grant.SessionId, grant.Application!.ClientId, grant.Application.DisplayName, grant.Offline })
            .Distinct().ToListAsync(cancellationToken);
        var bySession = grants.ToLookup(grant => grant.SessionId!);
        return live.ToDictionary(session => session.Id, session => (IReadOnlyList<SessionApp>)
        [
            .. SessionChain.Of(session.Id, known).SelectMany(sid => bySession[sid])
                .GroupBy(grant => grant.ClientId!)
                .Select(app => new SessionApp(app.Key, app.First().DisplayName ?? app.Key, app.Any(grant => grant.Offline)))
                .OrderBy(app => app.Name, StringComparer.OrdinalIgnoreCase),
        ]);
    }
}

/// <summary>A live session as lists show it.</summary>
/// <param name="Apps">Which clients got access in it or in a session it continues.</param>
internal sealed record ListedSession(Session Session, string UserName, IReadOnlyList<SessionApp> Apps)
{
    /// <summary>Never before it began, whatever the clocks of two nodes say.</summary>
    public DateTime LastSeenAt => Session.LastSeenAt > Session.CreatedAt ? Session.LastSeenAt : Session.CreatedAt;
}

/// <param name="Offline">Whether it keeps access when the person signs out.</param>
internal sealed record SessionApp(string ClientId, string Name, bool Offline);

internal sealed record LastingApp(string Name, DateTime Since);
