using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Sessions;

/// <summary>
/// How long sessions last. What is used is noted here and written a little later (<see cref="WriteLastSeen"/>),
/// so that no request waits for it and many requests cost one write; a note that is lost costs a session a few minutes of its idle lifetime.
/// </summary>
internal sealed class SessionLife(IOptions<SessionOptions> options, TimeProvider clock)
{
    private const int MostNotes = 10_000;
    private static readonly TimeSpan coarsest = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, SessionUse> notes = new(StringComparer.Ordinal);

    public TimeSpan Absolute(bool persistent) => persistent ? options.Value.RememberedLifetime : options.Value.Lifetime;

    public TimeSpan Idle(bool persistent)
    {
        var idle = persistent ? options.Value.RememberedIdleLifetime : options.Value.IdleLifetime;
        return idle < Absolute(persistent) ? idle : Absolute(persistent);
    }

    /// <summary>How old the written last use may become before it is written again.</summary>
    public TimeSpan Granularity(bool persistent) => Idle(persistent) / 10 is var tenth && tenth < coarsest ? tenth : coarsest;

    /// <summary>
    /// Whether the session is past one of its ends. One that another continues has only the absolute end of its own:
    /// the browser uses the other, and with that one it ends.
    /// </summary>
    public bool IsOver(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var now = clock.GetUtcNow().UtcDateTime;
        return session.ExpiresAt <= now || (session.SupersededAt is null && LastUse(session) + Idle(session.Persistent) <= now);
    }

    /// <summary>Notes that a live session is used, if what is written of it is old enough.</summary>
    public void Note(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var now = clock.GetUtcNow().UtcDateTime;
        if (now - LastUse(session) >= Granularity(session.Persistent) && !notes.ContainsKey(session.Id) && notes.Count < MostNotes)
        {
            notes.TryAdd(session.Id, new SessionUse(session.Id, session.Persistent, session.SupersededAt is not null, now));
        }
    }

    /// <summary>What has been noted and not yet written.</summary>
    public IReadOnlyCollection<SessionUse> Notes() => [.. notes.Values];

    public void Written(IEnumerable<SessionUse> uses)
    {
        ArgumentNullException.ThrowIfNull(uses);
        foreach (var use in uses)
        {
            notes.TryRemove(use.Sid, out _);
        }
    }

    // Rows from before last uses were written have none.
    private static DateTime LastUse(Session session) => session.LastSeenAt > session.CreatedAt ? session.LastSeenAt : session.CreatedAt;
}

/// <param name="Superseded">Whether another session continues this one; then that one is used, too.</param>
internal sealed record SessionUse(string Sid, bool Persistent, bool Superseded, DateTime At);
