using IdentityProvider.Data;
using IdentityProvider.Permissions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>What a role is to be.</summary>
/// <param name="IsDescribed">Whether its description shall be this one, be it nothing; otherwise it stays.</param>
internal sealed record RoleDraft(string Name, bool IsDescribed, string? Description);

/// <summary>What became of a role.</summary>
internal sealed record RoleChange(Guid Role, bool IsNew, bool IsChanged);

/// <summary>The one maker of roles.</summary>
internal sealed class RoleRegistry(AppDbContext db, ILookupNormalizer normalizer)
{
    /// <summary>Makes the role when it is not there, in the caller's transaction where there is one.</summary>
    /// <returns>Whether it was made.</returns>
    public async Task<bool> EnsureAsync(string name, CancellationToken cancellationToken)
    {
        var normalized = normalizer.NormalizeName(name);
        if (await db.Roles.AnyAsync(role => role.NormalizedName == normalized, cancellationToken))
        {
            return false;
        }

        var builtIn = BuiltInRole.Named(name);
        var role = new Role { Id = builtIn?.Key ?? Guid.CreateVersion7(), Name = builtIn?.Name ?? name, NormalizedName = normalized, Description = builtIn?.Description };
        db.Add(role);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            if (builtIn is not null)
            {
                // It grants something from the moment it is there.
                await db.BumpAsync(ChangeStamps.Permissions, cancellationToken);
            }

            return true;
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Made by somebody else at this moment, which is as good.
            db.Entry(role).State = EntityState.Detached;
            return false;
        }
    }

    /// <summary>Makes those of the names that are roles of this server's administration, which need not be declared.</summary>
    public async Task EnsureBuiltInAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        foreach (var role in names.Select(BuiltInRole.Named).OfType<BuiltInRole>().Distinct())
        {
            await EnsureAsync(role.Name, cancellationToken);
        }
    }

    /// <summary>Makes and describes roles, in the caller's transaction.</summary>
    /// <returns>What became of each, in their order.</returns>
    public async Task<IReadOnlyList<RoleChange>> StageAsync(IReadOnlyList<RoleDraft> drafts, CancellationToken cancellationToken)
    {
        var present = await db.Roles.AsNoTracking().ToDictionaryAsync(role => role.NormalizedName!, role => role.Id, StringComparer.Ordinal, cancellationToken);
        var changes = new List<RoleChange>();
        foreach (var draft in drafts)
        {
            var normalized = normalizer.NormalizeName(draft.Name);
            if (present.TryGetValue(normalized, out var key))
            {
                var described = draft.IsDescribed && await DescribeAsync(normalized, draft.Description, cancellationToken);
                changes.Add(new RoleChange(key, IsNew: false, described));
                continue;
            }

            var role = new Role { Id = Guid.CreateVersion7(), Name = draft.Name, NormalizedName = normalized, Description = draft.Description };
            present[normalized] = role.Id;
            db.Add(role);
            changes.Add(new RoleChange(role.Id, IsNew: true, IsChanged: false));
        }

        await db.SaveChangesAsync(cancellationToken);
        return changes;
    }

    private async Task<bool> DescribeAsync(string normalized, string? description, CancellationToken cancellationToken) =>
        await db.Roles
            .Where(role => role.NormalizedName == normalized && role.Description != description)
            .ExecuteUpdateAsync(set => set.SetProperty(role => role.Description, description), cancellationToken) > 0;
}
