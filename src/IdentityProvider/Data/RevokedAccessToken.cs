namespace IdentityProvider.Data;

/// <summary>A single JWT access token that was revoked before its time. Kept until it would have expired.</summary>
internal sealed class RevokedAccessToken
{
    public string Jti { get; init; } = "";
    public DateTime ExpiresAt { get; init; }
}
