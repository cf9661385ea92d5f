using System.Text.Json.Nodes;
using IdentityProvider.Protocol;

namespace IdentityProvider.Scopes;

/// <summary>What a scope or a resource is to become.</summary>
/// <param name="Key">The scope's name or the resource's identifier.</param>
/// <param name="Members">Members to set; a null takes a member back to its default, and one not named stays as it is.</param>
internal sealed record ScopeDraft(string Key, JsonObject Members);

/// <summary>What became of a change to a scope or a resource.</summary>
internal abstract record ScopeChange
{
    private ScopeChange()
    {
    }

    public sealed record Created(Guid Row) : ScopeChange;

    public sealed record Updated(Guid Row) : ScopeChange;

    /// <summary>It already is what it was to become. Nothing was written.</summary>
    public sealed record Unchanged(Guid Row) : ScopeChange;

    public sealed record Invalid(IReadOnlyList<MetadataProblem> Problems) : ScopeChange;
}
