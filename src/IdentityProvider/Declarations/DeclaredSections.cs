using IdentityProvider.Data;
using IdentityProvider.Scopes;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Declarations;

/// <summary>
/// Applies the sections of a file in the order in which they refer to each other. What a wrong entry was to be counts as present for the entries
/// that refer to it, so that one mistake is told once.
/// </summary>
internal sealed class DeclaredSections(
    AppDbContext db, DeclaredScopes scopes, DeclaredClients clients, DeclaredPermissions permissions, DeclaredRoles roles, DeclaredHolders holders)
{
    /// <summary>Reads from others what the file needs, before a transaction begins.</summary>
    public Task PrepareAsync(Declaration declaration, CancellationToken cancellationToken) => clients.PrepareAsync(declaration.Clients, cancellationToken);

    /// <param name="folder">Where relative paths in the file begin.</param>
    /// <returns>What <see cref="SecureAsync"/> needs to know.</returns>
    public async Task<StagedHolders> StageAsync(Declaration declaration, string folder, Progress progress, CancellationToken cancellationToken)
    {
        var owned = DeclaredPermissions.Take(declaration.Resources, progress);
        var assigned = DeclaredClientRoles.Take(declaration.Clients, progress);
        var before = await holders.LookAsync(cancellationToken);

        await scopes.StageResourcesAsync(declaration.Resources, progress, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await permissions.StageAsync(owned, progress, cancellationToken);

        var resources = await db.Set<ApiResource>().Select(row => row.Identifier).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        resources.UnionWith(declaration.Resources.Select(entry => entry.Key));
        await scopes.StageScopesAsync(declaration.Scopes, resources, progress, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);

        var known = await ScopeRows.ReadAsync(db, cancellationToken);
        var named = declaration.Scopes.Where(entry => !known.Contains(entry.Key))
            .Select(entry => new ScopeDefinition(entry.Key, "", [], []));
        await clients.StageAsync(
            declaration.Clients, new ScopeSet(known.Scopes.Values.Concat(named), known.Resources.Values), folder, progress, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);

        var clientIds = await db.Set<Client>().Select(row => row.ClientId!).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        clientIds.UnionWith(declaration.Clients.Select(entry => entry.Key));
        DeclaredScopes.CheckClients(declaration.Resources, declaration.Scopes, clientIds, progress);
        DeclaredScopes.CheckMappings(declaration, known, progress);

        await roles.ApplyAsync(declaration, progress, cancellationToken);
        await permissions.StageRemovalsAsync(owned, progress, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return new StagedHolders(before, await holders.ApplyAsync(declaration, assigned, before, progress, cancellationToken));
    }

    /// <summary>Closes the accounts of those whom the file has raised. Asked last: whom it removes holds nothing any more.</summary>
    public Task SecureAsync(StagedHolders staged, Progress progress, CancellationToken cancellationToken) =>
        holders.SecureAsync(staged, progress, cancellationToken);
}
