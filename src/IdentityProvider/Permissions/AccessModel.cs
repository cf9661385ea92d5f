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
/// Whoever wrote rows by hand is survived: what leads nowhere is passed over, and no circle is walked twice.
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
    public IEnumerable<ResourcePermission> NamedBy(Guid role) =>
        from resource in resources
        let grants = resource.Value.Value
        from place in grants.FindRole(role)?.Own ?? []
        select new ResourcePermission(resource.Key, grants.Permissions[place]);

    private ResourceGrants GrantsOf(IEnumerable<string> owned, IEnumerable<Granting> grants)
    {
        ImmutableArray<string> permissions = [.. owned.Order(StringComparer.Ordinal)];
        var own = grants.GroupBy(grant => grant.Role, grant => permissions.BinarySearch(grant.Permission, StringComparer.Ordinal))
            .Where(role => roles.ContainsKey(role.Key))
            .ToDictionary(role => role.Key, ImmutableArray<int> (role) => [.. role.Where(place => place >= 0).Distinct().Order()]);
        var granting = Reach(own.Where(role => role.Value.Length > 0).Select(role => role.Key), role => heirs[role])
            .ToFrozenDictionary(role => role, role => new GrantingRole(roles[role].Name, own.GetValueOrDefault(role, [])));
        foreach (var (id, role) in granting)
        {
            role.Inherits = [.. roles[id].Inherits.Select(inherited => granting.GetValueOrDefault(inherited)).OfType<GrantingRole>()];
        }

        return new ResourceGrants(granting, permissions);
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
/// <param name="roles">The roles that grant anything there, themselves or by inheritance.</param>
/// <param name="permissions">The names of all permissions that the resource owns, granted or not, in the order of their letters.</param>
internal sealed class ResourceGrants(FrozenDictionary<Guid, GrantingRole> roles, ImmutableArray<string> permissions)
{
    public ImmutableArray<string> Permissions => permissions;

    /// <summary>The roles that grant something there.</summary>
    public IEnumerable<Guid> Roles => roles.Keys;

    public bool Owns(string permission) => PlaceOf(permission) >= 0;

    /// <summary>Where the permission is among <see cref="Permissions"/>; negative when the resource does not own it.</summary>
    public int PlaceOf(string permission) => permissions.BinarySearch(permission, StringComparer.Ordinal);

    /// <returns>Null when the role grants nothing there.</returns>
    public GrantingRole? FindRole(Guid id) => roles.GetValueOrDefault(id);
}

/// <summary>A role that grants something at one resource, itself or by inheritance.</summary>
/// <param name="own">The places, in ascending order, of the permissions that it names itself.</param>
internal sealed class GrantingRole(string name, ImmutableArray<int> own)
{
    public string Name => name;

    public ImmutableArray<int> Own => own;

    /// <summary>Of the roles that it inherits, those that grant something there. Set once, when all roles are made: they may lead in a circle.</summary>
    public ImmutableArray<GrantingRole> Inherits { get; set; } = [];
}
