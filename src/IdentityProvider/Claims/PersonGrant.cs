namespace IdentityProvider.Claims;

/// <summary>A person's grant to a client, as it stands when it is given.</summary>
/// <param name="Resources">The audiences of access tokens; never empty.</param>
internal sealed record PersonGrant(
    string Subject,
    string Sid,
    DateTime AuthenticatedAt,
    IReadOnlyList<string> Methods,
    string Acr,
    IReadOnlyCollection<string> Scopes,
    IReadOnlyCollection<string> Resources)
{
    /// <summary>Claims that were asked for at userinfo beside those of the scopes.</summary>
    public IReadOnlyList<string> UserInfoClaims { get; init; } = [];

    /// <summary>Claims that were asked for in the id_token.</summary>
    public IReadOnlyList<string> IdTokenClaims { get; init; } = [];
}
