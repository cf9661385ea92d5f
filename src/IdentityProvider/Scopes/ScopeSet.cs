using System.Collections.Frozen;
using IdentityProvider.Data;
using IdentityProvider.Permissions;

namespace IdentityProvider.Scopes;

/// <summary>A scope a client may ask for.</summary>
/// <param name="Description">What granting it allows, in words for the person who is asked.</param>
/// <param name="Resources">Identifiers of the APIs it opens: the audiences of the access token.</param>
/// <param name="Claims">Claims of the person that it releases (OpenID Connect Core §5.4).</param>
internal sealed record ScopeDefinition(
    string Name, string Description, IReadOnlyList<string> Resources, IReadOnlyList<string> Claims)
{
    /// <summary>Claims that are made for whoever was granted it.</summary>
    public IReadOnlyList<ClaimMapping> Mappings { get; init; } = [];
}

/// <summary>An API that access tokens are made for.</summary>
/// <param name="Identifier">What stands in <c>aud</c>.</param>
/// <param name="Clients">Clients that may introspect tokens for it.</param>
internal sealed record ResourceDefinition(
    string Identifier, string? Name, FrozenSet<string> Clients, string AccessTokenSignedResponseAlg)
{
    /// <summary>Claims that are made for it alone.</summary>
    public IReadOnlyList<ClaimMapping> Mappings { get; init; } = [];
}

/// <summary>All scopes and resources at one moment. Immutable.</summary>
internal sealed class ScopeSet
{
    private static readonly ResourceDefinition administration = new(
        AdministrationResource.Identifier, "Administration", FrozenSet<string>.Empty, new ApiResource().AccessTokenSignedResponseAlg);

    private readonly Lazy<FrozenDictionary<string, string[]>> naming;

    public ScopeSet(IEnumerable<ScopeDefinition> scopes, IEnumerable<ResourceDefinition> resources)
    {
        Scopes = StandardScopes.With(scopes).ToFrozenDictionary(scope => scope.Name, StringComparer.Ordinal);
        Resources = resources.Where(resource => resource.Identifier != AdministrationResource.Identifier).Append(administration)
            .ToFrozenDictionary(resource => resource.Identifier, StringComparer.Ordinal);
        naming = new(() => Naming(Resources.Values));
        MapsClaims = Scopes.Values.Any(scope => scope.Mappings.Count > 0) || Resources.Values.Any(resource => resource.Mappings.Count > 0);
    }

    /// <summary>By name. The scopes of OpenID Connect are always among them.</summary>
    public FrozenDictionary<string, ScopeDefinition> Scopes { get; }

    /// <summary>By identifier. This server's administration is always among them, as it is and not as a row might say.</summary>
    public FrozenDictionary<string, ResourceDefinition> Resources { get; }

    /// <summary>Whether any scope or resource has a claim mapping. Most servers have none, and then nobody looks for them.</summary>
    public bool MapsClaims { get; }

    /// <summary>Identifiers of the resources that name this client, so that it may ask about what is theirs.</summary>
    public IReadOnlyList<string> ResourcesNaming(string clientId) => naming.Value.GetValueOrDefault(clientId, []);

    public bool Contains(string scope) => Scopes.ContainsKey(scope);

    /// <summary>The definitions of those names that exist, in their order.</summary>
    public IEnumerable<ScopeDefinition> Find(IEnumerable<string> names) =>
        names.Select(name => Scopes.GetValueOrDefault(name)).OfType<ScopeDefinition>();

    /// <summary>The claims that the scopes release together, each once.</summary>
    public IReadOnlyList<string> ClaimsOf(IEnumerable<string> names) =>
        [.. Find(names).SelectMany(scope => scope.Claims).Distinct(StringComparer.Ordinal)];

    /// <summary>The resources that the scopes open together, each once.</summary>
    public IReadOnlyList<string> ResourcesOf(IEnumerable<string> names) =>
        [.. Find(names).SelectMany(scope => scope.Resources).Distinct(StringComparer.Ordinal)];

    /// <summary>Those of the names that mean something to one of these resources, or belong to no resource at all (RFC 8707 §2.2).</summary>
    public IReadOnlyList<string> WithinResources(IEnumerable<string> names, IReadOnlyCollection<string> resources) =>
        [.. names.Where(name => Scopes.GetValueOrDefault(name) is not { Resources: { Count: > 0 } opened } || opened.Any(resources.Contains))];

    private static FrozenDictionary<string, string[]> Naming(IEnumerable<ResourceDefinition> resources) => resources
        .SelectMany(resource => resource.Clients.Select(client => (Client: client, resource.Identifier)))
        .GroupBy(named => named.Client, named => named.Identifier, StringComparer.Ordinal)
        .ToFrozenDictionary(named => named.Key, named => named.ToArray(), StringComparer.Ordinal);
}
