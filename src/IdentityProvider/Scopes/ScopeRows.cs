using System.Collections.Frozen;
using System.Text.Json;
using IdentityProvider.Data;

namespace IdentityProvider.Scopes;

/// <summary>How scopes and resources lie in their rows: lists are JSON arrays.</summary>
internal static class ScopeRows
{
    /// <summary>Reads everything there is, including what the caller's own transaction has written.</summary>
    public static async Task<ScopeSet> ReadAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var scopes = await db.ReadAsync(
            $"""SELECT "Name", "Description", "Resources", "Claims" FROM "Scopes" """,
            row => new ScopeDefinition(row.GetString(0), row.Text(1) ?? "", Read(row.Text(2)), Read(row.GetString(3))), cancellationToken);
        var resources = await db.ReadAsync(
            $"""SELECT "Identifier", "Name", "Clients", "AccessTokenSignedResponseAlg" FROM "ApiResources" """,
            row => new ResourceDefinition(row.GetString(0), row.Text(1), Read(row.GetString(2)).ToFrozenSet(StringComparer.Ordinal), row.GetString(3)),
            cancellationToken);
        return new ScopeSet(scopes, resources);
    }

    public static string Write(IEnumerable<string> values) => JsonSerializer.Serialize(values);

    public static string[] Read(string? json) =>
        string.IsNullOrEmpty(json) ? [] : JsonSerializer.Deserialize<string[]>(json) ?? [];
}
