using System.Collections.Frozen;
using System.Data.Common;
using System.Text.Json;
using IdentityProvider.Data;

namespace IdentityProvider.Scopes;

/// <summary>How scopes and resources lie in their rows: lists are JSON arrays.</summary>
internal static class ScopeRows
{
    private static readonly Statement scopes = new("""SELECT "Name", "Description", "Resources", "Claims" FROM "Scopes" """);

    private static readonly Statement resources = new("""SELECT "Identifier", "Name", "Clients", "AccessTokenSignedResponseAlg" FROM "ApiResources" """);

    /// <summary>Reads everything there is.</summary>
    public static async Task<ScopeSet> ReadAsync(Statements statements, CancellationToken cancellationToken) => new(
        await statements.ReadAllAsync(scopes, Scope, cancellationToken),
        await statements.ReadAllAsync(resources, Resource, cancellationToken));

    /// <summary>Reads everything there is, including what the caller's own transaction has written.</summary>
    public static async Task<ScopeSet> ReadAsync(AppDbContext db, CancellationToken cancellationToken) => new(
        await db.ReadAllAsync(scopes, Scope, cancellationToken),
        await db.ReadAllAsync(resources, Resource, cancellationToken));

    public static string Write(IEnumerable<string> values) => JsonSerializer.Serialize(values);

    public static string[] Read(string? json) =>
        string.IsNullOrEmpty(json) ? [] : JsonSerializer.Deserialize<string[]>(json) ?? [];

    private static ScopeDefinition Scope(DbDataReader row) => new(row.GetString(0), row.Text(1) ?? "", Read(row.Text(2)), Read(row.GetString(3)));

    private static ResourceDefinition Resource(DbDataReader row) => new(
        row.GetString(0), row.Text(1), Read(row.GetString(2)).ToFrozenSet(StringComparer.Ordinal), row.GetString(3));
}
