using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Permissions;

/// <summary>What a group is to be. What is null stays as it is.</summary>
/// <param name="Roles">Keys of exactly the roles it shall bring.</param>
/// <param name="Users">Exactly the people who shall be in it, by their keys.</param>
/// <param name="Clients">Exactly the clients that shall be in it, by their keys.</param>
internal sealed record GroupDraft(
    string Name, IReadOnlyCollection<Guid>? Roles, IReadOnlyDictionary<Guid, Period>? Users, IReadOnlyDictionary<Guid, Period>? Clients)
{
    /// <summary>Whether the description shall be what <see cref="Description"/> says, be it nothing.</summary>
    public bool IsDescribed { get; init; }

    public string? Description { get; init; }
}

/// <summary>What became of a change to a group.</summary>
internal sealed record GroupChange(Guid Group, bool IsNew, bool IsChanged);

/// <summary>
/// The only writer of groups. It prepares changes for a caller that has a transaction of its own, has taken hold of
/// <see cref="ChangeStamps.Permissions"/> in it, and will save and commit.
/// </summary>
internal sealed class GroupRegistry(AppDbContext db, ILookupNormalizer normalizer, AuditLog audit)
{
    /// <summary>Makes or changes the group of that name.</summary>
    public async Task<GroupChange> StageAsync(GroupDraft draft, CancellationToken cancellationToken)
    {
        var name = normalizer.NormalizeName(draft.Name);
        var stored = await db.Set<Group>().SingleOrDefaultAsync(row => row.NormalizedName == name, cancellationToken);
        var group = stored ?? new Group { Id = Guid.CreateVersion7(), Name = draft.Name, NormalizedName = name };
        if (stored is null)
        {
            db.Add(group);
        }

        var described = draft.IsDescribed && group.Description != draft.Description;
        if (described)
        {
            group.Description = draft.Description;
        }

        var bringsOthers = draft.Roles is { } roles && db.Link(
            await db.Set<GroupRole>().AsNoTracking().Where(row => row.GroupId == group.Id).ToListAsync(cancellationToken),
            roles, row => row.RoleId, key => new GroupRole { GroupId = group.Id, RoleId = key });
        var hasOthers = await LinkMembersAsync(group, draft, cancellationToken);
        if (stored is null || bringsOthers)
        {
            await db.BumpAsync(ChangeStamps.Permissions, cancellationToken);
        }

        if (stored is null || described || bringsOthers || hasOthers)
        {
            audit.Add(db, AuditEventType.PermissionsChanged, succeeded: true,
                reason: $"The group {group.Name} was {(stored is null ? "created" : "changed")}.");
        }

        return new GroupChange(group.Id, stored is null, described || bringsOthers || hasOthers);
    }

    /// <summary>Prepares the removal of a group. Its people and clients lose what it brought.</summary>
    public Task StageRemovalAsync(Group group, CancellationToken cancellationToken)
    {
        db.Remove(group);
        audit.Add(db, AuditEventType.PermissionsChanged, succeeded: true, reason: $"The group {group.Name} was removed.");
        return db.BumpAsync(ChangeStamps.Permissions, cancellationToken);
    }

    private async Task<bool> LinkMembersAsync(Group group, GroupDraft draft, CancellationToken cancellationToken)
    {
        var people = draft.Users is { } users && db.Link(
            await db.Set<GroupUser>().Where(row => row.GroupId == group.Id).ToListAsync(cancellationToken),
            users, row => row.UserId, key => new GroupUser { GroupId = group.Id, UserId = key });
        var machines = draft.Clients is { } clients && db.Link(
            await db.Set<GroupClient>().Where(row => row.GroupId == group.Id).ToListAsync(cancellationToken),
            clients, row => row.ClientId, key => new GroupClient { GroupId = group.Id, ClientId = key });
        return people || machines;
    }
}
