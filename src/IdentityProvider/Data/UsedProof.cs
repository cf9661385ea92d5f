namespace IdentityProvider.Data;

/// <summary>
/// A signed proof that may be used once: a client assertion (RFC 7523 §3). Kept until it would have been refused for its age alone.
/// </summary>
internal sealed class UsedProof
{
    /// <summary>SHA-256 of what kind of proof it is, whose it is and its <c>jti</c>.</summary>
    public byte[] Hash { get; init; } = [];

    public DateTime ExpiresAt { get; init; }
}
