using IdentityProvider.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Users;

/// <summary>Finds people. What it returns is detached: changes go through the classes that own them.</summary>
internal sealed class UserDirectory(AppDbContext db, ILookupNormalizer normalizer)
{
    private const int LongestName = 256;

    public async Task<User?> FindByIdAsync(Guid id, CancellationToken cancellationToken) =>
        await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken);

    public async Task<User?> FindByNameAsync(string userName, CancellationToken cancellationToken)
    {
        var name = normalizer.NormalizeName(userName);
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.NormalizedUserName == name, cancellationToken);
    }

    /// <summary>Finds a person by what they typed: their user name or their email address, in one query.</summary>
    public async Task<User?> FindByNameOrAddressAsync(string nameOrAddress, CancellationToken cancellationToken)
    {
        var users = await HavingNameOrAddressAsync(nameOrAddress, cancellationToken);
        var name = normalizer.NormalizeName(nameOrAddress.Trim());

        // An unverified address may stand on several accounts and then points to none of them.
        return users.Find(user => user.NormalizedUserName == name)
            ?? users.Find(user => user.EmailConfirmed)
            ?? (users is [var only] ? only : null);
    }

    /// <summary>Everybody who has this address, verified or not, or is called by it.</summary>
    public async Task<IReadOnlyList<User>> FindHoldersAsync(string address, CancellationToken cancellationToken) =>
        await HavingNameOrAddressAsync(address, cancellationToken);

    /// <summary>The person an upstream provider knows by this identifier, whatever their address has become.</summary>
    public async Task<User?> FindByExternalLoginAsync(string provider, string providerKey, CancellationToken cancellationToken) =>
        await (
            from login in db.UserLogins.AsNoTracking()
            join user in db.Users.AsNoTracking() on login.UserId equals user.Id
            where login.LoginProvider == provider && login.ProviderKey == providerKey
            select user).SingleOrDefaultAsync(cancellationToken);

    private async Task<List<User>> HavingNameOrAddressAsync(string nameOrAddress, CancellationToken cancellationToken)
    {
        // Nobody has such a name, and PostgreSQL takes no text with a null character in it.
        if (nameOrAddress.Length > LongestName || nameOrAddress.Any(char.IsControl))
        {
            return [];
        }

        var name = normalizer.NormalizeName(nameOrAddress.Trim());
        return await db.Users.AsNoTracking()
            .Where(user => user.NormalizedUserName == name || user.NormalizedEmail == name)
            .OrderBy(user => user.Id)
            .Take(20)
            .ToListAsync(cancellationToken);
    }
}
