using System.Collections.Frozen;
using IdentityProvider.Data;

namespace IdentityProvider.Clients;

/// <summary>A client as this server uses it: its row, detached and shared by all requests, and what follows from its metadata.</summary>
internal sealed class RegisteredClient
{
    public RegisteredClient(Client entity)
    {
        Entity = entity;
        Metadata = ClientMetadata.FromJson(entity.Metadata);
        Scopes = Metadata.ScopeNames.ToFrozenSet(StringComparer.Ordinal);
        RedirectOrigins = ClientOrigins.Of(Metadata.RedirectUris).ToFrozenSet(StringComparer.Ordinal);
        Keys = Metadata.Jwks is { } jwks ? ClientKeySet.Parse(jwks.GetRawText()) ?? ClientKeySet.Empty : ClientKeySet.Empty;
    }

    /// <summary>The row. Shared: read it, never change or attach it.</summary>
    public Client Entity { get; }

    public ClientMetadata Metadata { get; }

    public Guid Id => Entity.Id;

    public string ClientId => Entity.ClientId!;

    /// <summary>What people are told the client is called.</summary>
    public string DisplayName => Metadata.ClientName ?? ClientId;

    public bool IsPublic => Metadata.IsPublic;

    /// <summary>What the client may ask for.</summary>
    public FrozenSet<string> Scopes { get; }

    /// <summary>Origins (RFC 6454) of the redirect URIs: where the client's own pages live.</summary>
    public FrozenSet<string> RedirectOrigins { get; }

    /// <summary>The keys it registered here; for those at its <c>jwks_uri</c> ask <see cref="ClientKeys"/>.</summary>
    public ClientKeySet Keys { get; }

    /// <summary>
    /// Whether any app on a person's device could send requests in this client's name and receive the answer (RFC 8252 §8.6): a client that proves nothing,
    /// at a redirect URI that nothing ties to it, a loopback address or a private scheme.
    /// </summary>
    public bool MayBeImitatedAt(string? redirectUri) =>
        IsPublic && redirectUri?.StartsWith(Uri.UriSchemeHttps + ":", StringComparison.OrdinalIgnoreCase) != true;

    public bool MayUseGrant(string grantType) => Metadata.GrantTypes.Contains(grantType);
}
