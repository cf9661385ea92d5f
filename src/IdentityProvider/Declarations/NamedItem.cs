using System.Text.Json.Nodes;
using IdentityProvider.Data;

namespace IdentityProvider.Declarations;

/// <summary>An item of a list that is written as <see cref="ItemForm"/> allows.</summary>
/// <param name="Members">All that its object says; empty where it was written as a name.</param>
internal sealed record NamedItem(string Path, string Name, JsonObject Members)
{
    public Period Period { get; set; } = Period.Always;
}
