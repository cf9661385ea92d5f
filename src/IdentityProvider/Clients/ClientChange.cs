using System.Text.Json.Nodes;
using IdentityProvider.Data;
using IdentityProvider.Protocol;

namespace IdentityProvider.Clients;

/// <summary>What a client is to become.</summary>
/// <param name="Members">Members to set, under their wire names; a null takes a member back to its default, and one not named stays as it is.</param>
/// <param name="Secret">A new secret, or null to leave the stored one. Only its hash is kept.</param>
internal sealed record ClientDraft(string ClientId, JsonObject Members, string? Secret = null);

/// <summary>What became of a change to a client.</summary>
internal abstract record ClientChange
{
    private ClientChange()
    {
    }

    public sealed record Created(Client Client) : ClientChange;

    public sealed record Updated(Client Client) : ClientChange;

    /// <summary>The client already is what it was to become. Nothing was written.</summary>
    public sealed record Unchanged(Client Client) : ClientChange;

    public sealed record Invalid(IReadOnlyList<MetadataProblem> Problems) : ClientChange;

    /// <summary>There was to be a new client, and its identifier belongs to another.</summary>
    public sealed record Taken : ClientChange;

    /// <summary>There is no client of this identifier.</summary>
    public sealed record Unknown : ClientChange;
}
