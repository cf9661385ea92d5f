using System.Data.Common;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Users;

/// <summary>Finds the accounts that a name or an address may mean, with what proves them. What it returns is detached.</summary>
internal sealed class AccountSearch(Statements statements, ILookupNormalizer normalizer)
{
    private const int LongestName = 256;

    private static readonly Statement find = new(
        """
        SELECT u."Id", u."UserName", u."NormalizedUserName", u."Email", u."EmailConfirmed", u."PasswordHash", u."SecurityStamp",
            u."Profile", u."Subject", u."CreatedAt", u."UpdatedAt", u."DisabledAt"
        FROM "Users" AS u WHERE u."NormalizedUserName" = @name OR u."NormalizedEmail" = @name
        ORDER BY u."Id" LIMIT 20
        """,
        "@name");

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

    private ValueTask<List<User>> HavingNameOrAddressAsync(string nameOrAddress, CancellationToken cancellationToken) =>
        // Nobody has such a name, and PostgreSQL takes no text with a null character in it.
        nameOrAddress.Length > LongestName || nameOrAddress.Any(char.IsControl)
            ? new([])
            : statements.ReadAllAsync(find, Read, cancellationToken, normalizer.NormalizeName(nameOrAddress.Trim()));

    private static User Read(DbDataReader row) => new()
    {
        Id = row.GetGuid(0),
        UserName = row.Text(1),
        NormalizedUserName = row.Text(2),
        Email = row.Text(3),
        EmailConfirmed = row.GetBoolean(4),
        PasswordHash = row.Text(5),
        SecurityStamp = row.Text(6),
        Profile = UserRows.ProfileOf(row.GetString(7)),
        Subject = row.GetString(8),
        CreatedAt = row.Time(9),
        UpdatedAt = row.Time(10),
        DisabledAt = row.Utc(11),
    };
}
