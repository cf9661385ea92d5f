using System.Data.Common;
using IdentityProvider.Data;

namespace IdentityProvider.Keys;

/// <summary>Reads all signing keys, as every start and every change of one does.</summary>
internal static class SigningKeyRows
{
    private static readonly Statement read = new(
        """
        SELECT "Id", "Kid", "Algorithm", "Generation", "ProtectedKey", "CreatedAt", "ActivateAt", "RetireAt", "DeleteAt" FROM "SigningKeys"
        """);

    public static ValueTask<List<SigningKey>> ReadSigningKeysAsync(this Statements statements, CancellationToken cancellationToken) =>
        statements.ReadAllAsync(read, Key, cancellationToken);

    private static SigningKey Key(DbDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Kid = row.GetString(1),
        Algorithm = row.GetString(2),
        Generation = row.GetInt32(3),
        ProtectedKey = row.GetString(4),
        CreatedAt = row.Time(5),
        ActivateAt = row.Time(6),
        RetireAt = row.Utc(7),
        DeleteAt = row.Utc(8),
    };
}
