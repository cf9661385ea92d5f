using System.Collections.Frozen;
using System.Text.Json;

namespace IdentityProvider.Scopes;

/// <summary>What a mapped claim is put into.</summary>
[Flags]
internal enum MappingTargets
{
    None = 0,
    AccessToken = 1,
    IdToken = 2,
    UserInfo = 4,
    Introspection = 8,
    All = AccessToken | IdToken | UserInfo | Introspection,
}

/// <summary>The JSON type of a mapped claim.</summary>
internal enum MappingType
{
    String,
    Number,
    Boolean,

    /// <summary>An array of strings.</summary>
    Array,
    Object,
}

/// <summary>Where the value of a mapped claim comes from.</summary>
internal enum MappingSource
{
    /// <summary>The same for everybody.</summary>
    Constant,

    /// <summary>An attribute of the person.</summary>
    User,

    /// <summary>Names of the roles of the person or, where it acts for itself, of the client.</summary>
    Roles,

    /// <summary>Names of their groups.</summary>
    Groups,

    /// <summary>A registered property of the client that gets the token.</summary>
    Client,
}

/// <summary>A claim that is made without code: of what, under which name, into which tokens.</summary>
/// <param name="Claim">Its name in the token.</param>
/// <param name="Attribute">Which attribute or property; empty where the source is one value.</param>
/// <param name="Constant">The value, where the source is a constant.</param>
/// <param name="Clients">For which clients; null for all.</param>
/// <param name="Values">What each value of the source becomes, the most wanted first; values that are not in it are dropped. Null where they stay as they are.</param>
internal sealed record ClaimMapping(
    string Claim, MappingSource Source, string Attribute, JsonElement Constant, MappingTargets Targets, MappingType Type,
    FrozenSet<string>? Clients, bool Lowercase, string Prefix, IReadOnlyList<KeyValuePair<string, JsonElement>>? Values)
{
    public bool IsFor(string clientId, MappingTargets target) => (Targets & target) != 0 && Clients?.Contains(clientId) != false;

    /// <summary>Whether one answer could have both.</summary>
    /// <param name="where">Where both can be at all.</param>
    public bool Meets(ClaimMapping other, MappingTargets where) =>
        string.Equals(Claim, other.Claim, StringComparison.OrdinalIgnoreCase)
        && (Targets & other.Targets & where) != 0
        && (Clients is null || other.Clients is null || Clients.Overlaps(other.Clients));
}
