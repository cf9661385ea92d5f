using System.Text.Json.Nodes;
using IdentityProvider.Data;
using IdentityProvider.Permissions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Administration;

/// <summary>Roles and groups, what they grant, and who has them.</summary>
internal sealed class RoleReading(AppDbContext db, AccessCatalog catalog, AccessReach reach, ILookupNormalizer normalizer)
{
    public async Task<Answer> ListAsync(AdministrationRequest request)
    {
        var (after, limit) = (normalizer.NormalizeName(request.Text("after")), request.Limit);
        var model = await catalog.ReadStoredAsync(request.Aborted);
        var found = await db.Roles.AsNoTracking().Where(role => after == null || string.Compare(role.NormalizedName, after) > 0)
            .OrderBy(role => role.NormalizedName).Take(limit + 1).ToListAsync(request.Aborted);
        var answer = Paging.Of("roles", found, limit, role => role.Name!, role => Describe(role, model));
        if (after is null && answer is Answer.Done { Body: { } body })
        {
            // Also those that nobody has yet, which have no row.
            body["administration"] = new JsonArray([.. BuiltInRole.All.Select(role => new JsonObject
            {
                ["name"] = role.Name,
                ["description"] = role.Description,
                ["permissions"] = Json.Texts(role.Permissions.Select(permission => permission.Name)),
            })]);
        }

        return answer;
    }

    /// <summary>A role with what it grants by itself, and the roles and groups that bring it.</summary>
    public async Task<Answer> GetAsync(AdministrationRequest request)
    {
        var name = normalizer.NormalizeName(request.Values[0]);
        if (await db.Roles.AsNoTracking().SingleOrDefaultAsync(role => role.NormalizedName == name, request.Aborted) is not { } role)
        {
            // One of this server's own has no row before somebody has it.
            return BuiltInRole.Named(request.Values[0]) is { } builtIn ? Answer.Ok(Describe(builtIn)) : Problem.NotFound("There is no such role.");
        }

        var model = await catalog.ReadStoredAsync(request.Aborted);
        var json = Describe(role, model);
        json["grants"] = Json.Permissions(model.NamedBy(role.Id));
        json["conflicts_with"] = Json.Texts(await db.Roles.Where(other => db.Set<RoleConflict>().Any(row =>
                (row.RoleId == role.Id && row.OtherId == other.Id) || (row.OtherId == role.Id && row.RoleId == other.Id)))
            .OrderBy(other => other.Name).Select(other => other.Name!).ToListAsync(request.Aborted));
        json["inherited_by"] = Json.Texts(await db.Set<RoleInheritance>().Where(row => row.InheritedId == role.Id)
            .Join(db.Roles, row => row.RoleId, heir => heir.Id, (_, heir) => heir.Name!).OrderBy(heir => heir).ToListAsync(request.Aborted));
        json["groups"] = Json.Texts(await db.Set<GroupRole>().Where(row => row.RoleId == role.Id)
            .Join(db.Set<Group>(), row => row.GroupId, group => group.Id, (_, group) => group.Name).OrderBy(brings => brings).ToListAsync(request.Aborted));
        return Answer.Ok(json);
    }

    public async Task<Answer> ListGroupsAsync(AdministrationRequest request)
    {
        var (after, limit) = (normalizer.NormalizeName(request.Text("after")), request.Limit);
        var found = await db.Set<Group>().AsNoTracking().Where(group => after == null || string.Compare(group.NormalizedName, after) > 0)
            .OrderBy(group => group.NormalizedName).Take(limit + 1).ToListAsync(request.Aborted);
        var brought = await BroughtByAsync(found, request.Aborted);
        return Paging.Of("groups", found, limit, group => group.Name, group => Describe(group, brought[group.Id]));
    }

    public async Task<Answer> GetGroupAsync(AdministrationRequest request)
    {
        var name = normalizer.NormalizeName(request.Values[0]);
        return await db.Set<Group>().AsNoTracking().SingleOrDefaultAsync(group => group.NormalizedName == name, request.Aborted) is { } group
            ? Answer.Ok(Describe(group, (await BroughtByAsync([group], request.Aborted))[group.Id]))
            : Problem.NotFound("There is no such group.");
    }

    public async Task<Answer> OfPersonAsync(AdministrationRequest request)
    {
        var subject = request.Values[0];
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Subject == subject, request.Aborted) is not { } user)
        {
            return UserReading.NotFound;
        }

        return await DescribeAsync(
            new AccessHolder.Person(subject),
            db.UserRoles.Where(row => row.UserId == user.Id).Select(row => new Assigned(row.RoleId, row.NotBefore, row.ExpiresAt)),
            db.Set<GroupUser>().Where(row => row.UserId == user.Id).Select(row => new Assigned(row.GroupId, row.NotBefore, row.ExpiresAt)),
            request.Aborted);
    }

    public async Task<Answer> OfClientAsync(AdministrationRequest request)
    {
        var clientId = request.Values[0];
        if (await db.Set<Client>().AsNoTracking().SingleOrDefaultAsync(client => client.ClientId == clientId, request.Aborted) is not { } client)
        {
            return Problem.NotFound("There is no such client.");
        }

        return await DescribeAsync(
            new AccessHolder.Client(clientId),
            db.Set<ClientRole>().Where(row => row.ClientId == client.Id).Select(row => new Assigned(row.RoleId, row.NotBefore, row.ExpiresAt)),
            db.Set<GroupClient>().Where(row => row.ClientId == client.Id).Select(row => new Assigned(row.GroupId, row.NotBefore, row.ExpiresAt)),
            request.Aborted);
    }

    private async Task<Answer> DescribeAsync(
        AccessHolder holder, IQueryable<Assigned> roles, IQueryable<Assigned> groups, CancellationToken cancellationToken)
    {
        var (ofRoles, ofGroups) = (await roles.ToListAsync(cancellationToken), await groups.ToListAsync(cancellationToken));
        var model = await catalog.ReadStoredAsync(cancellationToken);
        var held = await reach.NowAsync(model, holder, cancellationToken);
        var called = await NamesAsync(db.Roles.Select(role => KeyValuePair.Create(role.Id, role.Name!)), ofRoles, cancellationToken);
        var groupsCalled = await NamesAsync(db.Set<Group>().Select(group => KeyValuePair.Create(group.Id, group.Name)), ofGroups, cancellationToken);
        return Answer.Ok(new JsonObject
        {
            ["roles"] = List("role", ofRoles, called),
            ["groups"] = List("group", ofGroups, groupsCalled),
            ["permissions"] = Json.Permissions(held.Permissions),
        });
    }

    private async Task<ILookup<Guid, string>> BroughtByAsync(IEnumerable<Group> groups, CancellationToken cancellationToken)
    {
        var keys = groups.Select(group => group.Id).ToList();
        return (await db.Set<GroupRole>().AsNoTracking().Where(row => keys.Contains(row.GroupId))
            .Join(db.Roles, row => row.RoleId, role => role.Id, (row, role) => new { row.GroupId, role.Name }).ToListAsync(cancellationToken))
            .ToLookup(row => row.GroupId, row => row.Name!);
    }

    private static JsonObject Describe(Role role, AccessModel model) => new()
    {
        ["name"] = role.Name,
        ["description"] = role.Description,
        ["built_in"] = BuiltInRole.Of(role.Id, role.Name!) is not null,
        ["inherits"] = Json.Texts((model.FindRole(role.Id)?.Inherits ?? []).Select(model.FindRole).OfType<RoleDefinition>().Select(other => other.Name)),
        ["permissions"] = Json.Permissions(model.GrantedBy([role.Id])),
    };

    private static JsonObject Describe(BuiltInRole role)
    {
        var granted = role.Permissions.Select(permission => new ResourcePermission(AdministrationResource.Identifier, permission.Name)).ToList();
        return new JsonObject
        {
            ["name"] = role.Name,
            ["description"] = role.Description,
            ["built_in"] = true,
            ["inherits"] = Json.Texts([]),
            ["permissions"] = Json.Permissions(granted),
            ["grants"] = Json.Permissions(granted),
            ["conflicts_with"] = Json.Texts([]),
            ["inherited_by"] = Json.Texts([]),
            ["groups"] = Json.Texts([]),
        };
    }

    private static JsonObject Describe(Group group, IEnumerable<string> roles) => new()
    {
        ["name"] = group.Name,
        ["description"] = group.Description,
        ["roles"] = Json.Texts(roles.Order(StringComparer.Ordinal)),
    };

    private static async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(
        IQueryable<KeyValuePair<Guid, string>> all, IReadOnlyList<Assigned> assigned, CancellationToken cancellationToken) =>
        assigned.Count == 0 ? new Dictionary<Guid, string>() : (await all.ToListAsync(cancellationToken)).ToDictionary();

    private static JsonArray List(string kind, IEnumerable<Assigned> assigned, IReadOnlyDictionary<Guid, string> called) => new(
    [
        .. from row in assigned
           let name = called.GetValueOrDefault(row.To)
           where name is not null
           orderby name
           select Json.Assigned(kind, name, new Period(row.NotBefore, row.ExpiresAt)),
    ]);

    private sealed record Assigned(Guid To, DateTime? NotBefore, DateTime? ExpiresAt);
}
