namespace IdentityProvider.Logout;

/// <summary>What a client asked for when it sent a person here to sign out, while the person is asked whether they want to.</summary>
/// <param name="ClientId">Who asked, as far as it said so itself.</param>
/// <param name="PostLogoutRedirectUri">Where the person goes afterwards: registered by that client, or null.</param>
/// <param name="State">Returned to the client unchanged.</param>
internal sealed record LogoutRequest(string? ClientId, string? PostLogoutRedirectUri, string? State);
