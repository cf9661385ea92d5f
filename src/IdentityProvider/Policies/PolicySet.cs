using System.Collections.Frozen;

namespace IdentityProvider.Policies;

/// <summary>The policies of all APIs at one moment. Immutable. Those of an API are made ready when it first asks.</summary>
/// <param name="policies">By the resource's identifier, as they are stored.</param>
internal sealed class PolicySet(IEnumerable<KeyValuePair<string, string>> policies)
{
    private readonly FrozenDictionary<string, Lazy<ApiPolicies>> byResource = policies.ToFrozenDictionary(
        pair => pair.Key, pair => new Lazy<ApiPolicies>(() => new ApiPolicies(PolicyList.Definitions(pair.Value))), StringComparer.Ordinal);

    /// <summary>The policies of a resource; one that nobody knows has none.</summary>
    /// <param name="resource">The resource's identifier.</param>
    public ApiPolicies Of(string resource) => byResource.TryGetValue(resource, out var policies) ? policies.Value : ApiPolicies.None;
}
