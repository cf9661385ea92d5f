using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Permissions;

/// <summary>What a role is to grant, and what it is to conflict with.</summary>
/// <param name="Permissions">Keys of exactly the permissions it shall grant, or null to leave them.</param>
/// <param name="Inherits">Keys of exactly the roles it shall inherit, or null to leave them.</param>
/// <param name="Conflicts">Keys of exactly the roles that it shall say nobody has together with it, or null to leave them.</param>
internal sealed record RoleGrantDraft(
    Guid Role, string Name, IReadOnlyCollection<Guid>? Permissions, IReadOnlyCollection<Guid>? Inherits, IReadOnlyCollection<Guid>? Conflicts);

/// <summary>
/// The only writer of what roles grant and conflict with. It prepares changes for a caller that has a transaction of its own, has taken hold of
/// <see cref="ChangeStamps.Permissions"/> in it, and will save and commit.
/// </summary>
internal sealed class RoleGrants(AppDbContext db, AuditLog audit)
{
    /// <returns>The roles that this changes.</returns>
    public async Task<IReadOnlySet<Guid>> StageAsync(IReadOnlyCollection<RoleGrantDraft> drafts, CancellationToken cancellationToken)
    {
        var changed = new HashSet<Guid>();
        if (drafts.Any(draft => draft.Permissions is not null))
        {
            var present = (await db.Set<RolePermission>().AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.RoleId);
            changed.UnionWith(drafts
                .Where(draft => draft.Permissions is { } wanted
                    && db.Link([.. present[draft.Role]], wanted, row => row.PermissionId, key => new RolePermission { RoleId = draft.Role, PermissionId = key }))
                .Select(draft => draft.Role));
        }

        if (drafts.Any(draft => draft.Inherits is not null))
        {
            var present = (await db.Set<RoleInheritance>().AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.RoleId);
            changed.UnionWith(drafts
                .Where(draft => draft.Inherits is { } wanted
                    && db.Link([.. present[draft.Role]], wanted, row => row.InheritedId, key => new RoleInheritance { RoleId = draft.Role, InheritedId = key }))
                .Select(draft => draft.Role));
        }

        if (drafts.Any(draft => draft.Conflicts is not null))
        {
            var present = (await db.Set<RoleConflict>().AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.RoleId);
            changed.UnionWith(drafts
                .Where(draft => draft.Conflicts is { } wanted
                    && db.Link([.. present[draft.Role]], wanted, row => row.OtherId, key => new RoleConflict { RoleId = draft.Role, OtherId = key }))
                .Select(draft => draft.Role));
        }

        if (changed.Count > 0)
        {
            foreach (var draft in drafts.Where(draft => changed.Contains(draft.Role)))
            {
                audit.Add(db, AuditEventType.PermissionsChanged, succeeded: true, reason: $"What the role {draft.Name} grants or conflicts with was changed.");
            }

            await db.BumpAsync(ChangeStamps.Permissions, cancellationToken);
        }

        return changed;
    }

    /// <summary>Finds roles that inherit from themselves, among what the caller's transaction has saved.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<Guid>>> FindCirclesAsync(CancellationToken cancellationToken) =>
        RoleGraph.Circles(await db.Set<RoleInheritance>().AsNoTracking().ToListAsync(cancellationToken));

    /// <summary>Prepares the removal of a role, with all that ties it to permissions, roles, groups, people and clients.</summary>
    public Task StageRemovalAsync(Role role, CancellationToken cancellationToken)
    {
        db.Remove(role);
        audit.Add(db, AuditEventType.PermissionsChanged, succeeded: true, reason: $"The role {role.Name} was removed.");
        return db.BumpAsync(ChangeStamps.Permissions, cancellationToken);
    }
}
