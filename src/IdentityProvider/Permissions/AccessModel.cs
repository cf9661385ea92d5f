using System.Collections.Frozen;
using System.Collections.Immutable;

namespace IdentityProvider.Permissions;

/// <summary>A role as the model knows it.</summary>
/// <param name="Inherits">Roles whose permissions it grants too.</param>
internal sealed record RoleDefinition(Guid Id, string Name, IReadOnlyList<Guid> Inherits);

/// <summary>A group and the roles that it brings.</summary>
internal sealed record GroupDefinition(Guid Id, string Name, IReadOnlyList<Guid> Roles);

/// <summary>That a role grants a permission of a resource by itself.</summary>
internal sealed record Granting(Guid Role, string Resource, string Permission);

/// <summary>That a resource owns a permission, whether or not a role grants it.</summary>
internal sealed record OwnedPermission(string Resource, string Name);

/// <summary>A permission, wherever it is.</summary>
internal sealed record ResourcePermission(string Resource, string Permission);

/// <summary>
/// Which roles grant what, and what groups bring, at one moment. Immutable. Who has roles and groups is not in it: that is read when it matters.
/// It may have been read while somebody changed it: what leads nowhere is passed over, and no circle is walked twice.
/// </summary>
internal sealed class AccessModel
{
    private readonly FrozenDictionary<Guid, RoleDefinition> roles;
    private readonly FrozenDictionary<Guid, GroupDefinition> groups;
    private readonly ILookup<Guid, Guid> heirs;
    private readonly FrozenDictionary<string, Lazy<ResourceGrants>> resources;

    public AccessModel(
        IEnumerable<RoleDefinition> roles, IEnumerable<GroupDefinition> groups, IEnumerable<OwnedPermission> owned, IEnumerable<Granting> grants)
    {
        this.roles = roles.ToFrozenDictionary(role => role.Id);
        this.groups = groups.ToFrozenDictionary(group => group.Id);
        heirs = this.roles.Values.SelectMany(role => role.Inherits.Select(inherited => (role.Id, Inherited: inherited)))
            .ToLookup(pair => pair.Inherited, pair => pair.Id);
        var granted = grants.ToLookup(grant => grant.Resource, StringComparer.Ordinal);
        resources = owned.GroupBy(permission => permission.Resource, permission => permission.Name, StringComparer.Ordinal).ToFrozenDictionary(
            owner => owner.Key, owner => new Lazy<ResourceGrants>(() => GrantsOf(owner, granted[owner.Key])), StringComparer.Ordinal);
    }

    /// <summary>Whether the resource owns a permission at all. Where it does not, nobody's roles mean anything.</summary>
    public bool Owns(string resource) => resources.ContainsKey(resource);

    /// <summary>What is granted at a resource that owns permissions.</summary>
    public ResourceGrants? FindGrants(string resource) => resources.GetValueOrDefault(resource)?.Value;

    public RoleDefinition? FindRole(Guid id) => roles.GetValueOrDefault(id);

    public GroupDefinition? FindGroup(Guid id) => groups.GetValueOrDefault(id);

    /// <summary>The roles and all that they inherit.</summary>
    public IReadOnlySet<Guid> WithInherited(IEnumerable<Guid> held) => Reach(held.Where(roles.ContainsKey), role => roles[role].Inherits.Where(roles.ContainsKey));

    /// <summary>The roles that groups of these keys bring.</summary>
    public IEnumerable<Guid> BroughtBy(IEnumerable<Guid> held) => held.Select(FindGroup).OfType<GroupDefinition>().SelectMany(group => group.Roles);

    /// <summary>What the roles grant at all resources together, themselves or by inheritance.</summary>
    public IReadOnlySet<ResourcePermission> GrantedBy(IEnumerable<Guid> held) => WithInherited(held).SelectMany(NamedBy).ToHashSet();

    /// <summary>What the role grants at all resources together by itself.</summary>
    public IEnumerable<ResourcePermission> NamedBy(Guid role) => resources.SelectMany(resource =>
        (resource.Value.Value.Own.GetValueOrDefault(role) ?? []).Select(permission => new ResourcePermission(resource.Key, permission)));

    private ResourceGrants GrantsOf(IEnumerable<string> owned, IEnumerable<Granting> grants)
    {
        var own = grants.GroupBy(grant => grant.Role).ToFrozenDictionary(
            role => role.Key, IReadOnlyList<string> (role) => [.. role.Select(grant => grant.Permission)]);
        return new ResourceGrants(own, Reach(own.Keys, role => heirs[role]).ToFrozenSet(), [.. owned.Order(StringComparer.Ordinal)]);
    }

    // By a list of what is still to be looked at and not by recursion: an inheritance may be as deep as there are roles.
    private static HashSet<Guid> Reach(IEnumerable<Guid> from, Func<Guid, IEnumerable<Guid>> next)
    {
        var reached = new HashSet<Guid>();
        var waiting = new Stack<Guid>(from);
        while (waiting.TryPop(out var role))
        {
            if (reached.Add(role))
            {
                foreach (var other in next(role))
                {
                    waiting.Push(other);
                }
            }
        }

        return reached;
    }
}

/// <summary>What is granted at one resource.</summary>
/// <param name="Own">The permissions that each role names itself.</param>
/// <param name="Roles">The roles that grant any of them, themselves or by inheritance.</param>
/// <param name="Permissions">The names of all permissions that the resource owns, granted or not, in the order of their letters.</param>
internal sealed record ResourceGrants(FrozenDictionary<Guid, IReadOnlyList<string>> Own, FrozenSet<Guid> Roles, ImmutableArray<string> Permissions)
{
    public bool Owns(string permission) => Permissions.BinarySearch(permission, StringComparer.Ordinal) >= 0;
}
