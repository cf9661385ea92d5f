namespace IdentityProvider.Sessions;

/// <summary>One signed-in browser. The cookie carries only a random reference to this row.</summary>
internal sealed class Session
{
    /// <summary>The <c>sid</c> (OpenID Connect Back-Channel Logout §2.1), new on every login.</summary>
    public string Id { get; init; } = "";

    /// <summary>SHA-256 of the secret in the cookie. The <c>sid</c> is known to clients; the secret is not.</summary>
    public byte[] SecretHash { get; init; } = [];

    public Guid UserId { get; init; }

    /// <summary>When the person proved who they are: the <c>auth_time</c> claim.</summary>
    public DateTime AuthenticatedAt { get; init; }

    /// <summary>How (RFC 8176), space separated: the <c>amr</c> claim.</summary>
    public string Methods { get; init; } = "";

    /// <summary>The <c>acr</c> claim.</summary>
    public string Acr { get; init; } = "";

    /// <summary>Whether the cookie outlives the browser ("keep me signed in").</summary>
    public bool Persistent { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>When the session was last used, to within a few minutes: a write for each request would cost more than it tells.</summary>
    public DateTime LastSeenAt { get; init; }

    /// <summary>The browser's own words about itself, bounded; null when it said nothing.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Where the sign-in came from, as the configured proxies tell it.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>The absolute end of the session, whatever happens in it.</summary>
    public DateTime ExpiresAt { get; init; }

    /// <summary>
    /// The session of the same person in the same browser that this one took over from, when they signed in again.
    /// What was granted in it goes on; it ends together with this one.
    /// </summary>
    public string? Continues { get; set; }

    /// <summary>Set when the same person signed in again in the same browser: the cookie of this session is dead from then on.</summary>
    public DateTime? SupersededAt { get; set; }

    public DateTime? EndedAt { get; set; }

    public string? EndReason { get; set; }
}
