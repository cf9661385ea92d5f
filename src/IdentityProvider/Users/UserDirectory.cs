using IdentityProvider.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>Finds people. What it returns is detached: changes go through the classes that own them.</summary>
internal sealed class UserDirectory(AppDbContext db, ILookupNormalizer normalizer)
{
    public async Task<User?> FindByIdAsync(Guid id, CancellationToken cancellationToken) =>
        await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken);

    public async Task<User?> FindByNameAsync(string userName, CancellationToken cancellationToken)
    {
        var name = normalizer.NormalizeName(userName);
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.NormalizedUserName == name, cancellationToken);
    }

    /// <summary>The person an upstream provider knows by this identifier, whatever their address has become.</summary>
    public async Task<User?> FindByExternalLoginAsync(string provider, string providerKey, CancellationToken cancellationToken) =>
        await (
            from login in db.UserLogins.AsNoTracking()
            join user in db.Users.AsNoTracking() on login.UserId equals user.Id
            where login.LoginProvider == provider && login.ProviderKey == providerKey
            select user).SingleOrDefaultAsync(cancellationToken);
}
