using IdentityProvider.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

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

        var role = new Role { Id = Guid.CreateVersion7(), Name = name, NormalizedName = normalized };
        db.Add(role);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Made by somebody else at this moment, which is as good.
            db.Entry(role).State = EntityState.Detached;
            return false;
        }
    }

    /// <summary>Describes a role that exists. Null takes the description away.</summary>
    /// <returns>Whether that changed anything.</returns>
    public async Task<bool> DescribeAsync(string name, string? description, CancellationToken cancellationToken)
    {
        var normalized = normalizer.NormalizeName(name);
        return await db.Roles
            .Where(role => role.NormalizedName == normalized && role.Description != description)
            .ExecuteUpdateAsync(set => set.SetProperty(role => role.Description, description), cancellationToken) > 0;
    }
}
