using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Permissions;

/// <summary>A permission that a resource is to own.</summary>
internal sealed record PermissionDraft(string Name, string? Description);

/// <summary>A permission that cannot be taken from its resource.</summary>
/// <param name="Roles">Names of the roles that still grant it.</param>
internal sealed record GrantedPermission(string Name, IReadOnlyList<string> Roles);

/// <summary>
/// The only writer of permissions. It prepares changes for a caller that has a transaction of its own, has taken hold of
/// <see cref="ChangeStamps.Permissions"/> in it, and will save and commit.
/// </summary>
internal sealed class ResourcePermissions(AppDbContext db, AuditLog audit)
{
    /// <summary>Makes and describes permissions of a resource. Others that it owns stay.</summary>
    /// <returns>Whether that changes anything.</returns>
    public async Task<bool> StageAsync(ApiResource resource, IReadOnlyList<PermissionDraft> drafts, CancellationToken cancellationToken)
    {
        var present = await db.Set<Permission>().Where(permission => permission.ResourceId == resource.Id)
            .ToDictionaryAsync(permission => permission.Name, StringComparer.Ordinal, cancellationToken);
        var missing = drafts.Where(draft => !present.ContainsKey(draft.Name))
            .Select(draft => new Permission { Id = Guid.CreateVersion7(), ResourceId = resource.Id, Name = draft.Name, Description = draft.Description })
            .ToList();
        var changed = missing.Count > 0;
        db.AddRange(missing);
        foreach (var draft in drafts)
        {
            if (present.TryGetValue(draft.Name, out var permission) && permission.Description != draft.Description)
            {
                permission.Description = draft.Description;
                changed = true;
            }
        }

        if (changed)
        {
            await NoteAsync(resource, cancellationToken);
        }

        return changed;
    }

    /// <summary>Takes from a resource all permissions but those.</summary>
    /// <returns>Whether that changes anything; and the permissions that roles still grant, in which case nothing is prepared.</returns>
    public async Task<(bool Changed, IReadOnlyList<GrantedPermission> Granted)> StageRemovalAsync(
        ApiResource resource, IReadOnlySet<string> kept, CancellationToken cancellationToken)
    {
        var lost = (await db.Set<Permission>().Where(permission => permission.ResourceId == resource.Id).ToListAsync(cancellationToken))
            .Where(permission => !kept.Contains(permission.Name)).ToList();
        if (lost.Count == 0)
        {
            return (false, []);
        }

        var granted = await (
            from permission in db.Set<Permission>()
            where permission.ResourceId == resource.Id
            join grant in db.Set<RolePermission>() on permission.Id equals grant.PermissionId
            join role in db.Roles on grant.RoleId equals role.Id
            orderby permission.Name, role.Name
            select new { permission.Name, Role = role.Name! }).ToListAsync(cancellationToken);
        var stuck = granted.Where(grant => !kept.Contains(grant.Name)).GroupBy(grant => grant.Name, StringComparer.Ordinal)
            .Select(grants => new GrantedPermission(grants.Key, [.. grants.Select(grant => grant.Role)])).ToList();
        if (stuck.Count > 0)
        {
            return (false, stuck);
        }

        db.RemoveRange(lost);
        await NoteAsync(resource, cancellationToken);
        return (true, []);
    }

    private Task NoteAsync(ApiResource resource, CancellationToken cancellationToken)
    {
        audit.Add(db, AuditEventType.PermissionsChanged, succeeded: true, reason: $"The permissions of the resource {resource.Identifier} were changed.");
        return db.BumpAsync(ChangeStamps.Permissions, cancellationToken);
    }
}
