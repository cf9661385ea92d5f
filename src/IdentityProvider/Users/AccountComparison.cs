using IdentityProvider.Data;
using IdentityProvider.Permissions;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Users;

/// <summary>Whether <see cref="DeclaredUsers"/> and <see cref="RoleRegistry"/> would change anything, asked without EF Core. In doubt they would.</summary>
internal sealed class AccountComparison(Statements statements, UserRows users, AccessComparison access, ILookupNormalizer normalizer)
{
    private static readonly Statement role = new(
        """SELECT "Id", "Description" FROM "Roles" WHERE "NormalizedName" = @name""", "@name");

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
            && (declared.Roles is null
                || await access.PersonHasAsync(user.Id, declared.Roles.Select(role => new NamedLink(role.Role, role.Period)), cancellationToken))
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
}
