using OpenIddict.EntityFrameworkCore.Models;

namespace IdentityProvider.Data;

/// <summary>
/// A registered client. <see cref="Metadata"/> is what was registered; the inherited columns are derived from it
/// by <c>Clients/ClientRegistry</c> and read by the library.
/// </summary>
internal sealed class Client : OpenIddictEntityFrameworkCoreApplication<Guid, Grant, Token>
{
    /// <summary>The registered metadata (RFC 7591 §2) as JSON, without the secret.</summary>
    public string Metadata { get; set; } = "{}";
}
