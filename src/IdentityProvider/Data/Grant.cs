using OpenIddict.EntityFrameworkCore.Models;

namespace IdentityProvider.Data;

/// <summary>
/// What one authorization response, or one allowed device, gave its client: every token that follows hangs on this row and dies with it.
/// Never shared, so that a replayed code on one device ends nothing elsewhere.
/// </summary>
internal sealed class Grant : OpenIddictEntityFrameworkCoreAuthorization<Guid, Client, Token>
{
    /// <summary>The client's row. Declared here so that a detached, cached client can be linked without reading it again.</summary>
    public Guid? ApplicationId { get; set; }

    /// <summary>The <c>sid</c> of the session this grant was made in.</summary>
    public string? SessionId { get; set; }

    /// <summary>Whether <c>offline_access</c> was granted: such a grant survives a logout.</summary>
    public bool Offline { get; set; }

    /// <summary>Claims that the <c>claims</c> parameter asked for at userinfo (OpenID Connect Core §5.5), space separated; usually null.</summary>
    public string? RequestedClaims { get; set; }

    /// <summary>The subject by which the client knows the person, where it is not their own (OpenID Connect Core §8); null otherwise.</summary>
    public string? ClientSubject { get; set; }
}
