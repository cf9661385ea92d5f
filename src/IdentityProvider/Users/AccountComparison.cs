using IdentityProvider.Data;
using IdentityProvider.Permissions;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Users;

/// <summary>Whether <see cref="DeclaredUsers"/> would change anything, asked without EF Core. In doubt they would.</summary>
internal sealed class AccountComparison(UserRows users, AccessComparison access, ILookupNormalizer normalizer)
{
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
}
