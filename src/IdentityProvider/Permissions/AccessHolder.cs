using System.Security.Claims;
using OpenIddict.Abstractions;

namespace IdentityProvider.Permissions;

/// <summary>Whose access is asked for.</summary>
internal abstract record AccessHolder
{
    private AccessHolder()
    {
    }

    /// <param name="Subject">The person's own subject.</param>
    public sealed record Person(string Subject) : AccessHolder;

    /// <summary>The person who gave a grant: a token may name them by the subject of its client's sector (OpenID Connect Core §8).</summary>
    public sealed record Grantor(Guid Grant) : AccessHolder;

    /// <summary>A client that acts for itself.</summary>
    public sealed record Client(string ClientId) : AccessHolder;

    /// <summary>The person whom access tokens call so: by their own subject, or by that of whichever sector (OpenID Connect Core §8).</summary>
    public sealed record Named(string Subject) : AccessHolder;

    /// <summary>The person whom the clients of one sector know by this subject.</summary>
    public sealed record InSector(string Subject, string Sector) : AccessHolder;

    /// <summary>Whom an access token stands for; null when that cannot be known.</summary>
    public static AccessHolder? OfToken(ClaimsPrincipal token) => token switch
    {
        // A client that acts for itself signed in nowhere; its token is its own (RFC 9068 §2.2).
        _ when !token.HasClaim(ClaimNames.AuthenticationTime) => token.GetClaim(ClaimNames.Subject) is { } clientId ? new Client(clientId) : null,
        _ => Guid.TryParse(token.GetAuthorizationId(), out var grant) ? new Grantor(grant) : null,
    };
}
