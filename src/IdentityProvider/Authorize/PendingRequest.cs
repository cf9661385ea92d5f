namespace IdentityProvider.Authorize;

/// <summary>
/// A request that waits for a person's answer. Pages carry only its id, so a login page left open,
/// a reload, the back button, two tabs and a restarted server all find it again.
/// </summary>
internal sealed class PendingRequest
{
    /// <summary>128 random bits, base64url.</summary>
    public string Id { get; init; } = "";

    public string ClientId { get; init; } = "";

    /// <summary>The parameters as a JSON object, exactly as they were received and validated.</summary>
    public string Parameters { get; init; } = "{}";

    /// <summary><c>prompt=login</c>, <c>prompt=consent</c> and <c>max_age=0</c> are measured against this moment.</summary>
    public DateTime StartedAt { get; init; }

    public DateTime ExpiresAt { get; init; }

    /// <summary>SHA-256 of the browser's own cookie; null until a browser first opens a request that was POSTed or pushed.</summary>
    public byte[]? BrowserHash { get; init; }

    /// <summary>Set when the person pressed Cancel.</summary>
    public DateTime? DeniedAt { get; init; }

    /// <summary>The session the person picked where the request asked for a choice of account.</summary>
    public string? ChosenSessionId { get; init; }

    /// <summary>SHA-256 of the reference in the <c>request_uri</c> (RFC 9126 §2.2); null for a request that was not pushed.</summary>
    public byte[]? PushedReference { get; init; }

    /// <summary>When the client got its answer to a request that it pushed: one answer and no more.</summary>
    public DateTime? CompletedAt { get; init; }
}
