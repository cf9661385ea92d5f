using IdentityProvider.Data;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Users;

/// <summary>Whether <see cref="DeclaredUsers"/> and <see cref="RoleRegistry"/> would change anything, asked without EF Core. In doubt they would.</summary>
internal sealed class AccountComparison(Statements statements, UserRows users, ILookupNormalizer normalizer)
{
    private static readonly Statement role = new(
        """SELECT "Id", "Description" FROM "Roles" WHERE "NormalizedName" = @name""", "@name");

    private static readonly Statement rolesOf = new(
        """SELECT r."NormalizedName", m."NotBefore", m."ExpiresAt" FROM "UserRoles" AS m JOIN "Roles" AS r ON r."Id" = m."RoleId" WHERE m."UserId" = @user""", "@user");

    /// <summary>The key of the account that already is as declared, or null.</summary>
    public async Task<Guid?> FindUserAsync(DeclaredUser declared, CancellationToken cancellationToken)
    {
        var (claims, problems) = declared.Read();
        if (problems.Count > 0
            || await users.FindByNameAsync(normalizer.NormalizeName(declared.UserName), cancellationToken) is not { } user
            || (declared.Subject ?? user.Subject) != user.Subject)
        {
            return null;
        }

        var email = user.NormalizedEmail;
        return !claims.LayOver(user, normalizer) && user.NormalizedEmail == email
            && (declared.Roles is null || await HasExactlyAsync(user.Id, declared.Roles, cancellationToken))
            ? user.Id
            : null;
    }

    /// <summary>The key of the role that is there and already described so, or null.</summary>
    /// <param name="description">Null where the role is to have none.</param>
    /// <param name="isDescribed">False where any description will do.</param>
    public async Task<Guid?> FindRoleAsync(string name, string? description, bool isDescribed, CancellationToken cancellationToken)
    {
        var stored = await statements.ReadAsync(
            role, static row => new Role { Id = row.GetGuid(0), Description = row.Text(1) }, cancellationToken, normalizer.NormalizeName(name));
        return stored is not null && (!isDescribed || stored.Description == description) ? stored.Id : null;
    }

    private async Task<bool> HasExactlyAsync(Guid user, IReadOnlyList<AssignedRole> declared, CancellationToken cancellationToken)
    {
        var present = await statements.ReadAllAsync(
            rolesOf, static row => (row.GetString(0), new Period(row.Utc(1), row.Utc(2))), cancellationToken, user);
        return present.ToHashSet().SetEquals(declared.Select(role => (normalizer.NormalizeName(role.Role), role.Period)));
    }
}
