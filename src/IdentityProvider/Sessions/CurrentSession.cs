namespace IdentityProvider.Sessions;

/// <summary>Who is signed in on this request.</summary>
internal sealed record CurrentSession(
    string Sid,
    Guid UserId,
    string Subject,
    string DisplayName,
    string UserName,
    string? Email,
    DateTime AuthenticatedAt,
    IReadOnlyList<string> Methods,
    string Acr,
    DateTime ExpiresAt);
