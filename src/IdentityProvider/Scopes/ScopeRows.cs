using System.Collections.Frozen;
using System.Text.Json;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Scopes;

/// <summary>How scopes and resources lie in their rows: lists are JSON arrays.</summary>
internal static class ScopeRows
{
    /// <summary>Reads everything there is, including what the caller's own transaction has written.</summary>
    public static async Task<ScopeSet> ReadAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var scopes = await db.Set<Scope>().AsNoTracking().ToListAsync(cancellationToken);
        var resources = await db.Set<ApiResource>().AsNoTracking().ToListAsync(cancellationToken);
        return new ScopeSet(scopes.Select(Definition), resources.Select(Definition));
    }

    public static string Write(IEnumerable<string> values) => JsonSerializer.Serialize(values);

    public static string[] Read(string? json) =>
        string.IsNullOrEmpty(json) ? [] : JsonSerializer.Deserialize<string[]>(json) ?? [];

    private static ScopeDefinition Definition(Scope row) =>
        new(row.Name!, row.Description ?? "", Read(row.Resources), Read(row.Claims));

    private static ResourceDefinition Definition(ApiResource row) => new(
        row.Identifier, row.Name, Read(row.Clients).ToFrozenSet(StringComparer.Ordinal), row.AccessTokenSignedResponseAlg);
}
