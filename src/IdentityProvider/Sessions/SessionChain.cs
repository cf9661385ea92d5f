using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Sessions;

/// <summary>Sessions of one person in one browser, each continuing the one before it (<see cref="Session.Continues"/>).</summary>
internal static class SessionChain
{
    /// <summary>The live sessions that a browser can still use and that lead back to this one: usually the session itself.</summary>
    public static async Task<IReadOnlyList<Session>> HeadsAsync(AppDbContext db, string sid, CancellationToken cancellationToken)
    {
        List<Session> heads = [];
        var links = await LiveAsync(db.Set<Session>().Where(session => session.Id == sid));
        while (links.Count > 0)
        {
            heads.AddRange(links.Where(session => session.SupersededAt is null));
            var earlier = links.Where(session => session.SupersededAt is not null).Select(session => session.Id).ToList();
            links = earlier.Count == 0 ? [] : await LiveAsync(db.Set<Session>().Where(session => earlier.Contains(session.Continues!)));
        }

        return heads;

        Task<List<Session>> LiveAsync(IQueryable<Session> sessions) =>
            sessions.AsNoTracking().Where(session => session.EndedAt == null).ToListAsync(cancellationToken);
    }

    /// <summary>The session, then the one it continues, and so on.</summary>
    /// <param name="known">Sessions of the same person that have not ended; what is not among them ends the chain.</param>
    public static IReadOnlyList<string> Of(string sid, IReadOnlyDictionary<string, Session> known)
    {
        List<string> chain = [];
        for (var at = sid; at is not null && !chain.Contains(at); at = known.GetValueOrDefault(at)?.Continues)
        {
            chain.Add(at);
        }

        return chain;
    }
}
