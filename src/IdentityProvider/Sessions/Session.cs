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

    /// <summary>The absolute end of the session, whatever happens in it.</summary>
    public DateTime ExpiresAt { get; init; }

    public DateTime? EndedAt { get; set; }

    public string? EndReason { get; set; }
}
