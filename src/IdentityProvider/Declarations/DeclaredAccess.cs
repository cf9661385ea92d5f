using IdentityProvider.Permissions;
using IdentityProvider.Scopes;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Declarations;

/// <summary>The part of <see cref="DeclaredState"/> that is about who may do what: permissions, roles, groups, and the roles of clients.</summary>
internal sealed class DeclaredAccess(AccessComparison access, ILookupNormalizer normalizer)
{
    /// <summary>The key of the role that already is and grants what is declared, or null.</summary>
    public async Task<Guid?> FindRoleAsync(Entry entry, ScopeSet known, CancellationToken cancellationToken)
    {
        var declared = DeclaredRoles.Read(entry, normalizer);
        if (declared.Problems.Count > 0
            || declared.Permissions?.Keys.Any(resource => DeclaredRoles.ResourceProblem(resource, known.Resources.ContainsKey(resource)) is not null) == true)
        {
            return null;
        }

        return await access.FindRoleAsync(entry.Key, declared.Description, declared.IsDescribed, cancellationToken) is { } role
            && (declared.Permissions is not { } permissions || await access.GrantsAsync(role, Named(permissions), cancellationToken))
            && (declared.Inherited is not { } inherited || await access.InheritsAsync(role, Names(inherited), cancellationToken))
            && (declared.Conflicts is not { } conflicts || await access.ConflictsAsync(role, Names(conflicts), cancellationToken))
            ? role
            : null;
    }

    /// <summary>The key of the group that already brings to whom it is declared to bring it, or null.</summary>
    public async Task<Guid?> FindGroupAsync(Entry entry, CancellationToken cancellationToken)
    {
        var declared = DeclaredGroups.Read(entry);
        return declared.Problems.Count == 0
            && await access.FindGroupAsync(entry.Key, declared.Description, declared.IsDescribed, cancellationToken) is { } group
            && (declared.Roles is not { } roles || await access.BringsAsync(group, Names(roles), cancellationToken))
            && (declared.Users is not { } users || await access.HasPeopleAsync(group, Links(users), cancellationToken))
            && (declared.Clients is not { } clients || await access.HasClientsAsync(group, Links(clients), cancellationToken))
            ? group
            : null;
    }

    /// <summary>Whether resources own exactly the permissions that are declared.</summary>
    /// <param name="rows">The keys of entries, by where they stand in the file.</param>
    public async Task<bool> AreOwnedAsync(
        IReadOnlyList<OwnedPermissions> owned, IReadOnlyDictionary<string, Guid> rows, CancellationToken cancellationToken)
    {
        foreach (var (resource, permissions) in owned)
        {
            if (!await access.OwnsAsync(rows[resource.Path], permissions, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether clients have exactly the roles that are declared.</summary>
    /// <param name="rows">The keys of entries, by where they stand in the file.</param>
    public async Task<bool> AreAssignedAsync(
        IReadOnlyList<AssignedRoles> assigned, IReadOnlyDictionary<string, Guid> rows, CancellationToken cancellationToken)
    {
        foreach (var (client, roles) in assigned)
        {
            if (!await access.ClientHasAsync(rows[client.Path], Links(roles), cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether applying would refuse what these roles inherit, which may be by a role that the file does not name.</summary>
    public async Task<bool> InheritInCirclesAsync(IReadOnlyList<Entry> roles, CancellationToken cancellationToken) =>
        roles.Any(static role => role.Members.ContainsKey(DeclaredRoles.Inherits)) && await access.HasCirclesAsync(cancellationToken);

    private static IEnumerable<ResourcePermission> Named(IReadOnlyDictionary<string, IReadOnlyList<NamedItem>> permissions) =>
        permissions.SelectMany(resource => resource.Value.Select(item => new ResourcePermission(resource.Key, item.Name)));

    private static IEnumerable<string> Names(IReadOnlyList<NamedItem> items) => items.Select(static item => item.Name);

    private static IEnumerable<NamedLink> Links(IReadOnlyList<NamedItem> items) => items.Select(static item => new NamedLink(item.Name, item.Period));
}
