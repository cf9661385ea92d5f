using IdentityProvider.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>Whether anybody has a role, as every start asks.</summary>
internal sealed class RoleMembers(Statements statements, ILookupNormalizer normalizer)
{
    private static readonly Statement find = new(
        """SELECT 1 FROM "UserRoles" JOIN "Roles" ON "Roles"."Id" = "UserRoles"."RoleId" WHERE "Roles"."NormalizedName" = @name LIMIT 1""", "@name");

    /// <summary>Among what is committed.</summary>
    public ValueTask<bool> AnyAsync(string role, CancellationToken cancellationToken) =>
        statements.AnyAsync(find, cancellationToken, normalizer.NormalizeName(role));

    /// <summary>Within the caller's transaction, which has a connection of the pool and must not wait for another one.</summary>
    public Task<bool> AnyAsync(AppDbContext db, string role, CancellationToken cancellationToken)
    {
        var name = normalizer.NormalizeName(role);
        return db.UserRoles.AnyAsync(member => db.Roles.Any(row => row.Id == member.RoleId && row.NormalizedName == name), cancellationToken);
    }
}
