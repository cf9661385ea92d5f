using System.Collections.Frozen;

namespace IdentityProvider.Policies;

/// <summary>The policies of all APIs at one moment. Immutable.</summary>
internal sealed class PolicySet(IEnumerable<KeyValuePair<string, ApiPolicies>> policies)
{
    private readonly FrozenDictionary<string, ApiPolicies> byResource = policies.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The policies of a resource; one that nobody knows has none.</summary>
    /// <param name="resource">The resource's identifier.</param>
    public ApiPolicies Of(string resource) => byResource.GetValueOrDefault(resource, ApiPolicies.None);
}
