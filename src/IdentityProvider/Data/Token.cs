using OpenIddict.EntityFrameworkCore.Models;

namespace IdentityProvider.Data;

/// <summary>A stored token: authorization codes and refresh tokens. JWTs have no row.</summary>
internal sealed class Token : OpenIddictEntityFrameworkCoreToken<Guid, Client, Grant>
{
    /// <summary>The client's row; declared here for the same reason as <see cref="Grant.ApplicationId"/>.</summary>
    public Guid? ApplicationId { get; set; }

    /// <summary>The grant's row.</summary>
    public Guid? AuthorizationId { get; set; }

    /// <summary>
    /// On a redeemed refresh token, for the reuse leeway only: the token that replaced it, wrapped by Data Protection,
    /// so that a retry of the same refresh gets the same successor. Erased afterwards.
    /// </summary>
    public string? Successor { get; set; }
}
