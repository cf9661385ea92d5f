using System.Collections.Frozen;
using System.Data.Common;
using System.Text.Json.Nodes;
using IdentityProvider.Data;

namespace IdentityProvider.Scopes;

/// <summary>How scopes and resources lie in their rows: lists are JSON arrays.</summary>
internal static class ScopeRows
{
    private static readonly Statement scopes = new("""SELECT "Name", "Description", "Resources", "Claims", "ClaimMappings" FROM "Scopes" """);

    private static readonly Statement resources = new("""SELECT "Identifier", "Name", "Clients", "AccessTokenSignedResponseAlg", "ClaimMappings" FROM "ApiResources" """);

    /// <summary>Reads everything there is.</summary>
    public static async Task<ScopeSet> ReadAsync(Statements statements, CancellationToken cancellationToken) => new(
        await statements.ReadAllAsync(scopes, Scope, cancellationToken),
        await statements.ReadAllAsync(resources, Resource, cancellationToken));

    /// <summary>Reads everything there is, including what the caller's own transaction has written.</summary>
    public static async Task<ScopeSet> ReadAsync(AppDbContext db, CancellationToken cancellationToken) => new(
        await db.ReadAllAsync(scopes, Scope, cancellationToken),
        await db.ReadAllAsync(resources, Resource, cancellationToken));

    /// <summary>Sets the named members of a scope. They have the right kinds.</summary>
    public static void Lay(JsonObject members, Scope scope)
    {
        Set(members, "description", value => scope.Description = value?.GetValue<string>());
        Set(members, "resources", value => scope.Resources = List(value));
        Set(members, "claims", value => scope.Claims = List(value));
        Set(members, ClaimMappingRules.Member, value => scope.ClaimMappings = ClaimMappings.Write(value));
    }

    /// <summary>Sets the named members of a resource. They have the right kinds.</summary>
    public static void Lay(JsonObject members, ApiResource resource)
    {
        Set(members, "name", value => resource.Name = value?.GetValue<string>());
        Set(members, "clients", value => resource.Clients = List(value));
        Set(members, ClaimMappingRules.Member, value => resource.ClaimMappings = ClaimMappings.Write(value));
        Set(members, "access_token_signed_response_alg",
            value => resource.AccessTokenSignedResponseAlg = value?.GetValue<string>() ?? new ApiResource().AccessTokenSignedResponseAlg);
    }

    private static void Set(JsonObject members, string name, Action<JsonNode?> set)
    {
        if (members.TryGetPropertyValue(name, out var value))
        {
            set(value);
        }
    }

    private static string List(JsonNode? list) =>
        TextList.Write(list is null ? [] : list.AsArray().Select(item => item!.GetValue<string>()).Distinct(StringComparer.Ordinal));

    private static ScopeDefinition Scope(DbDataReader row) => new(row.GetString(0), row.Text(1) ?? "", TextList.Read(row.Text(2)), TextList.Read(row.GetString(3)))
    {
        Mappings = ClaimMappings.Read(row.GetString(4)),
    };

    private static ResourceDefinition Resource(DbDataReader row) => new(
        row.GetString(0), row.Text(1), TextList.Read(row.GetString(2)).ToFrozenSet(StringComparer.Ordinal), row.GetString(3))
    {
        Mappings = ClaimMappings.Read(row.GetString(4)),
    };
}
