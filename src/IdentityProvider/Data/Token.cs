using OpenIddict.EntityFrameworkCore.Models;

namespace IdentityProvider.Data;

/// <summary>A stored token: authorization codes and refresh tokens. JWTs have no row.</summary>
internal sealed class Token : OpenIddictEntityFrameworkCoreToken<Guid, Client, Grant>
{
    /// <summary>The client's row; declared here for the same reason as <see cref="Grant.ApplicationId"/>.</summary>
    public Guid? ApplicationId { get; set; }

    /// <summary>The grant's row.</summary>
    public Guid? AuthorizationId { get; set; }

    /// <summary>SHA-256 of the reference it was handed out by (<see cref="TokenReference"/>). Null where that was an earlier version's, in ReferenceId.</summary>
    public byte[]? SecretHash { get; set; }

    /// <summary>The payload, which is Data Protection's and has a third less in bytes than in text. Null where an earlier version wrote the text.</summary>
    public byte[]? Content { get; set; }

    /// <summary>
    /// On a redeemed refresh token, for the reuse leeway only: the seed from which, with that token, the one that replaced it follows
    /// (<see cref="TokenReference.After"/>), so that a retry of the same refresh gets the same successor. Erased afterwards.
    /// </summary>
    public string? Successor { get; set; }
}
