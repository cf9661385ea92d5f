namespace IdentityProvider.Scopes;

/// <summary>A mapping that could meet another one of the same claim in one token.</summary>
/// <param name="OfScope">Whether it is a scope's; otherwise it is a resource's.</param>
/// <param name="Key">The scope's name or the resource's identifier.</param>
/// <param name="Other">The scope or resource of the other one.</param>
internal sealed record ClaimMappingClash(bool OfScope, string Key, int Index, string Claim, string Other);

/// <summary>Finds claims that two scopes, or a scope and a resource, would both make: which one a token had would hang on nothing that can be seen. Pure.</summary>
internal static class ClaimMappingClashes
{
    public static IEnumerable<ClaimMappingClash> Find(ScopeSet known)
    {
        var owners = known.Scopes.Values.Where(scope => scope.Mappings.Count > 0).Select(scope => new Owner(true, scope.Name, scope.Resources, scope.Mappings))
            .Concat(known.Resources.Values.Where(resource => resource.Mappings.Count > 0)
                .Select(resource => new Owner(false, resource.Identifier, [resource.Identifier], resource.Mappings)))
            .OrderBy(owner => owner.Key, StringComparer.Ordinal).ToList();
        return
            from one in owners
            from other in owners
            where one != other
            let shared = Shared(one, other)
            from index in Enumerable.Range(0, one.Mappings.Count)
            where other.Mappings.Any(mapping => mapping.Meets(one.Mappings[index], shared))
            select new ClaimMappingClash(one.OfScope, one.Key, index, one.Mappings[index].Claim, other.Key);
    }

    // Where both could speak. To APIs each speaks of its own alone (MappedClaims), unless it is a scope without any.
    private static MappingTargets Shared(Owner one, Owner other)
    {
        var toClients = one.OfScope && other.OfScope ? MappingTargets.IdToken | MappingTargets.UserInfo : MappingTargets.None;
        var sameApis = (one.OfScope || other.OfScope)
            && (one.Resources.Count == 0 || other.Resources.Count == 0 || one.Resources.Intersect(other.Resources, StringComparer.Ordinal).Any());
        return sameApis ? toClients | MappingTargets.AccessToken | MappingTargets.Introspection : toClients;
    }

    private sealed record Owner(bool OfScope, string Key, IReadOnlyList<string> Resources, IReadOnlyList<ClaimMapping> Mappings);
}
