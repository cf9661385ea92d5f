using System.Text.Json.Nodes;
using IdentityProvider.Data;
using IdentityProvider.Permissions;
using IdentityProvider.Policies;
using IdentityProvider.Scopes;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Administration;

/// <summary>The APIs that tokens are made for, what may be done there, and by which policies. All of it is declared: here it is read.</summary>
internal sealed class ResourceReading(AppDbContext db)
{
    private static Problem NotFound => Problem.NotFound("There is no such resource.");

    public async Task<Answer> ListAsync(AdministrationRequest request)
    {
        var (after, limit) = (request.Text("after", ScopeRules.LongestIdentifier), request.Limit);
        var found = await db.Set<ApiResource>().AsNoTracking()
            .Where(resource => after == null || string.Compare(resource.Identifier, after) > 0)
            .OrderBy(resource => resource.Identifier).Take(limit + 1)
            .Select(resource => new { resource.Identifier, resource.Name }).ToListAsync(request.Aborted);
        return Paging.Of("resources", found, limit, resource => resource.Identifier,
            resource => new JsonObject { ["identifier"] = resource.Identifier, ["name"] = resource.Name });
    }

    /// <summary>Who asks about its tokens, and which scopes lead to it. The administration is one too, if none that is declared.</summary>
    public async Task<Answer> GetAsync(AdministrationRequest request)
    {
        var known = await ScopeRows.ReadAsync(db, request.Aborted);
        return known.Resources.GetValueOrDefault(request.Values[0]) is not { } resource ? NotFound : Answer.Ok(new JsonObject
        {
            ["identifier"] = resource.Identifier,
            ["name"] = resource.Name,
            ["clients"] = Json.Texts(resource.Clients.Order(StringComparer.Ordinal)),
            ["scopes"] = Json.Texts(known.Scopes.Values.Where(scope => scope.Resources.Contains(resource.Identifier))
                .Select(scope => scope.Name).Order(StringComparer.Ordinal)),
            ["access_token_signed_response_alg"] = resource.AccessTokenSignedResponseAlg,
        });
    }

    /// <summary>What may be done there, and the roles that name it themselves.</summary>
    public async Task<Answer> PermissionsAsync(AdministrationRequest request)
    {
        var (identifier, after, limit) = (request.Values[0], request.Text("after"), request.Limit);
        if (identifier == AdministrationResource.Identifier)
        {
            return Paging.Of("permissions", [.. After(AdministrationPermission.All, permission => permission.Name, after)], limit, permission => permission.Name,
                permission => Describe(permission.Name, permission.Description, BuiltInRole.All.Where(role => role.Permissions.Contains(permission)).Select(role => role.Name)));
        }

        if (await FindAsync(request) is not { } resource)
        {
            return NotFound;
        }

        var found = await db.Set<Permission>().AsNoTracking()
            .Where(permission => permission.ResourceId == resource.Id && (after == null || string.Compare(permission.Name, after) > 0))
            .OrderBy(permission => permission.Name).Take(limit + 1).ToListAsync(request.Aborted);
        var keys = found.Select(permission => permission.Id).ToList();
        var granting = (await db.Set<RolePermission>().AsNoTracking().Where(row => keys.Contains(row.PermissionId))
            .Join(db.Roles, row => row.RoleId, role => role.Id, (row, role) => new { row.PermissionId, role.Name }).ToListAsync(request.Aborted))
            .ToLookup(row => row.PermissionId, row => row.Name!);
        return Paging.Of("permissions", found, limit, permission => permission.Name,
            permission => Describe(permission.Name, permission.Description, granting[permission.Id].Order(StringComparer.Ordinal)));
    }

    /// <summary>As a declaration writes them, with their tests.</summary>
    public async Task<Answer> PoliciesAsync(AdministrationRequest request)
    {
        var resource = await FindAsync(request);
        if (resource is null && request.Values[0] != AdministrationResource.Identifier)
        {
            return NotFound;
        }

        var stored = resource?.Policies is { } json ? JsonNode.Parse(json)!.AsArray() : [];
        var policies = stored.Select(policy => policy!.AsObject());
        return Paging.Of("policies", [.. After(policies, NameOf, request.Text("after"))], request.Limit, NameOf, policy => policy.DeepClone().AsObject());

        static string NameOf(JsonObject policy) => policy[PolicyMembers.Name]?.GetValue<string>() ?? "";
    }

    private Task<ApiResource?> FindAsync(AdministrationRequest request)
    {
        var identifier = request.Values[0];
        return db.Set<ApiResource>().AsNoTracking().SingleOrDefaultAsync(resource => resource.Identifier == identifier, request.Aborted);
    }

    private static IEnumerable<T> After<T>(IEnumerable<T> items, Func<T, string> key, string? after) =>
        items.OrderBy(key, StringComparer.Ordinal).Where(item => after is null || string.CompareOrdinal(key(item), after) > 0);

    private static JsonObject Describe(string name, string? description, IEnumerable<string> roles) => new()
    {
        ["name"] = name,
        ["description"] = description,
        ["roles"] = Json.Texts(roles),
    };
}
