using System.Data.Common;
using System.Text.Json;

namespace IdentityProvider.Data;

/// <summary>Reads people for tokens and userinfo: what a claim can be made of, and whether the account may be used.</summary>
internal sealed class UserRows(Statements statements)
{
    private const string Columns =
        """
        u."Id", u."UserName", u."Email", u."EmailConfirmed", u."PhoneNumber", u."PhoneNumberConfirmed", u."Profile", u."CreatedAt", u."UpdatedAt", u."DisabledAt", u."Subject"
        """;

    private static readonly Statement bySubject = new($"""SELECT {Columns} FROM "Users" AS u WHERE u."Subject" = @subject""", "@subject");

    private static readonly Statement byName = new(
        $"""SELECT {Columns}, u."NormalizedEmail" FROM "Users" AS u WHERE u."NormalizedUserName" = @name""", "@name");

    /// <summary>The person of this subject, detached and without what is for signing in; null when there is none.</summary>
    public ValueTask<User?> FindAsync(string? subject, CancellationToken cancellationToken) =>
        subject is null ? default : statements.ReadAsync(bySubject, Read, cancellationToken, subject);

    /// <summary>The same by the name for signing in, as Identity normalizes it.</summary>
    public ValueTask<User?> FindByNameAsync(string normalizedName, CancellationToken cancellationToken) => statements.ReadAsync(
        byName,
        static row =>
        {
            var user = Read(row);
            user.NormalizedEmail = row.Text(11);
            return user;
        },
        cancellationToken, normalizedName);

    private static User Read(DbDataReader row) => new()
    {
        Id = row.GetGuid(0),
        UserName = row.Text(1),
        Email = row.Text(2),
        EmailConfirmed = row.GetBoolean(3),
        PhoneNumber = row.Text(4),
        PhoneNumberConfirmed = row.GetBoolean(5),
        Profile = ProfileOf(row.GetString(6)),
        CreatedAt = row.Time(7),
        UpdatedAt = row.Time(8),
        DisabledAt = row.Utc(9),
        Subject = row.GetString(10),
    };

    /// <summary>As <see cref="UserConfiguration"/> stores it.</summary>
    public static UserProfile ProfileOf(string json) => JsonSerializer.Deserialize(json, ColumnJson.Default.UserProfile) ?? new UserProfile();
}
