using System.Text.Json.Nodes;
using IdentityProvider.Data;
using IdentityProvider.Permissions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Administration;

/// <summary>
/// The people and clients to whom a role or a group was given. Who has a role by way of a group or of a role that inherits it is found there:
/// the role's own description names these.
/// </summary>
internal sealed class HolderReading(AppDbContext db, ILookupNormalizer normalizer)
{
    public async Task<Answer> PeopleAsync(AdministrationRequest request, bool ofGroup)
    {
        if (await FindAsync(request, ofGroup) is not { } key)
        {
            return NotFound(ofGroup);
        }

        var (after, limit) = (normalizer.NormalizeName(request.Text("after")), request.Limit);
        var assigned = ofGroup
            ? db.Set<GroupUser>().Where(row => row.GroupId == key).Select(row => new { row.UserId, row.NotBefore, row.ExpiresAt })
            : db.UserRoles.Where(row => row.RoleId == key).Select(row => new { row.UserId, row.NotBefore, row.ExpiresAt });
        var found = await assigned.Join(db.Users, row => row.UserId, user => user.Id, (row, user) => new { Row = row, User = user })
            .Where(item => after == null || string.Compare(item.User.NormalizedUserName, after) > 0)
            .OrderBy(item => item.User.NormalizedUserName).Take(limit + 1)
            .Select(item => new { item.User.Subject, item.User.UserName, item.Row.NotBefore, item.Row.ExpiresAt }).ToListAsync(request.Aborted);
        return Paging.Of("users", found, limit, item => item.UserName!, item => Json.Within(
            new JsonObject { ["sub"] = item.Subject, ["username"] = item.UserName }, new Period(item.NotBefore, item.ExpiresAt)));
    }

    public async Task<Answer> ClientsAsync(AdministrationRequest request, bool ofGroup)
    {
        if (await FindAsync(request, ofGroup) is not { } key)
        {
            return NotFound(ofGroup);
        }

        var (after, limit) = (request.Text("after"), request.Limit);
        var assigned = ofGroup
            ? db.Set<GroupClient>().Where(row => row.GroupId == key).Select(row => new { row.ClientId, row.NotBefore, row.ExpiresAt })
            : db.Set<ClientRole>().Where(row => row.RoleId == key).Select(row => new { row.ClientId, row.NotBefore, row.ExpiresAt });
        var found = await assigned.Join(db.Set<Client>(), row => row.ClientId, client => client.Id, (row, client) => new { Row = row, Client = client })
            .Where(item => after == null || string.Compare(item.Client.ClientId, after) > 0)
            .OrderBy(item => item.Client.ClientId).Take(limit + 1)
            .Select(item => new { item.Client.ClientId, item.Row.NotBefore, item.Row.ExpiresAt }).ToListAsync(request.Aborted);
        return Paging.Of("clients", found, limit, item => item.ClientId!,
            item => Json.Assigned("client_id", item.ClientId!, new Period(item.NotBefore, item.ExpiresAt)));
    }

    private async Task<Guid?> FindAsync(AdministrationRequest request, bool ofGroup)
    {
        var name = normalizer.NormalizeName(request.Values[0]);
        if (ofGroup)
        {
            return await db.Set<Group>().Where(group => group.NormalizedName == name).Select(group => (Guid?)group.Id).SingleOrDefaultAsync(request.Aborted);
        }

        // A role of this server's own that nobody has yet has no row, and nobody in it.
        return await db.Roles.Where(role => role.NormalizedName == name).Select(role => (Guid?)role.Id).SingleOrDefaultAsync(request.Aborted)
            ?? (BuiltInRole.Named(request.Values[0]) is null ? null : Guid.Empty);
    }

    private static Problem NotFound(bool ofGroup) => Problem.NotFound(ofGroup ? "There is no such group." : "There is no such role.");
}
