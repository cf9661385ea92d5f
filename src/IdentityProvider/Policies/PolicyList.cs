using System.Text.Json;
using System.Text.Json.Nodes;

namespace IdentityProvider.Policies;

/// <summary>The policies that an API is to have, checked.</summary>
/// <param name="Json">As they are stored, with their tests; null where there are none.</param>
internal sealed record PolicyList(string? Json, int Count, int Tests)
{
    /// <summary>Reads what was stored, which was checked then.</summary>
    public static IReadOnlyList<PolicyDefinition> Definitions(string json) =>
        [.. JsonNode.Parse(json)!.AsArray().Select(policy => Definition(policy!.AsObject()))];

    /// <summary>What a policy says. Its members have the right kinds.</summary>
    public static PolicyDefinition Definition(JsonObject policy) => new(
        policy[PolicyMembers.Name]?.GetValue<string>() ?? "",
        policy[PolicyMembers.Description]?.GetValue<string>(),
        // What a newer version may have stored is not taken for a permission.
        policy[PolicyMembers.Effect]?.GetValue<string>() == PolicyMembers.Permit ? PolicyEffect.Permit : PolicyEffect.Forbid,
        Names(policy[PolicyMembers.Actions]),
        Names(policy[PolicyMembers.ResourceTypes]),
        policy[PolicyMembers.Condition]?.GetValue<string>() ?? "");

    private static HashSet<string>? Names(JsonNode? list) => list is null ? null : list.Deserialize<HashSet<string>>();
}
