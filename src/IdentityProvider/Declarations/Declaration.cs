using System.Text.Json.Nodes;
using IdentityProvider.Protocol;

namespace IdentityProvider.Declarations;

/// <summary>A declaration file whose form is right; what it declares has yet to be checked.</summary>
internal sealed record Declaration(
    IReadOnlyList<Entry> Resources,
    IReadOnlyList<Entry> Scopes,
    IReadOnlyList<Entry> Clients,
    IReadOnlyList<Entry> Roles,
    IReadOnlyList<Entry> Users,
    IReadOnlyList<Entry> Groups);

/// <summary>One entry of the file.</summary>
/// <param name="Path">Where it stands: <c>clients[2]</c>.</param>
/// <param name="Key">What it is called: the value of <c>client_id</c>, <c>name</c>, <c>identifier</c> or <c>username</c>.</param>
/// <param name="Members">Its other members.</param>
internal sealed record Entry(string Path, string Key, JsonObject Members)
{
    /// <summary>Says where in the file a problem of this entry is.</summary>
    public string Tell(MetadataProblem problem)
    {
        var placed = problem.Under(Path);
        return $"{placed.Path} ({Key}): {placed.Sentence}";
    }

    /// <summary>Takes a member out, for whoever treats it apart.</summary>
    public JsonNode? Take(string member) => TryTake(member, out var value) ? value : null;

    /// <summary>The same, and says whether it was there at all: a null that was written takes a member back to its default.</summary>
    public bool TryTake(string member, out JsonNode? value) => Members.Remove(member, out value);
}
