using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Permissions;
using IdentityProvider.Scopes;
using IdentityProvider.Users;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Declarations;

/// <summary>Remembers what was declared, and takes away what no longer is.</summary>
internal sealed class Pruning(
    AppDbContext db, ClientRegistry clients, ScopeRegistry scopes, AccountRemoval accounts, RoleGrants roles, GroupRegistry groups)
{
    public async Task RememberAsync(Progress progress, CancellationToken cancellationToken)
    {
        var known = await db.Set<DeclaredEntry>().Select(entry => entry.Row).ToHashSetAsync(cancellationToken);
        db.AddRange(progress.Rows.Where(row => !known.Contains(row.Key))
            .Select(row => new DeclaredEntry { Row = row.Key, Kind = row.Value }));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Removes the rows that earlier files declared and this one does not.</summary>
    public async Task PruneAsync(Progress progress, CancellationToken cancellationToken)
    {
        foreach (var entry in await db.Set<DeclaredEntry>().Where(entry => entry.Kind != DeclaredKind.File).ToListAsync(cancellationToken))
        {
            if (progress.Rows.ContainsKey(entry.Row))
            {
                continue;
            }

            if (await RemoveAsync(entry, cancellationToken))
            {
                progress.Removed++;
            }

            db.Remove(entry);
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private async Task<bool> RemoveAsync(DeclaredEntry entry, CancellationToken cancellationToken)
    {
        switch (entry.Kind)
        {
            case DeclaredKind.Client when await db.FindAsync<Client>([entry.Row], cancellationToken) is { } client:
                await clients.StageRemovalAsync(client, cancellationToken);
                return true;
            case DeclaredKind.Scope when await db.FindAsync<Scope>([entry.Row], cancellationToken) is { } scope:
                await scopes.StageRemovalAsync(scope, cancellationToken);
                return true;
            case DeclaredKind.Resource when await db.FindAsync<ApiResource>([entry.Row], cancellationToken) is { } resource:
                await scopes.StageRemovalAsync(resource, cancellationToken);
                // Its permissions go with it.
                await db.BumpAsync(ChangeStamps.Permissions, cancellationToken);
                return true;
            // The role the product itself relies on outlives its declaration.
            case DeclaredKind.Role when await db.FindAsync<Role>([entry.Row], cancellationToken) is { } role && !role.IsAdministrator:
                await roles.StageRemovalAsync(role, cancellationToken);
                return true;
            case DeclaredKind.Group when await db.FindAsync<Group>([entry.Row], cancellationToken) is { } group:
                await groups.StageRemovalAsync(group, cancellationToken);
                return true;
            case DeclaredKind.User:
                return await accounts.RemoveAsync(entry.Row, cancellationToken);
            default:
                // Somebody removed it by hand already.
                return false;
        }
    }
}
