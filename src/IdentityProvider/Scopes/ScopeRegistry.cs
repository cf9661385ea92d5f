using IdentityProvider.Audit;
using IdentityProvider.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Scopes;

/// <summary>
/// The only writer of scopes and resources. It prepares changes for a caller that has a transaction of its own,
/// has taken hold of <see cref="ChangeStamps.Scopes"/> in it, and will save and commit.
/// </summary>
internal sealed class ScopeRegistry(AppDbContext db, AuditLog audit)
{
    /// <summary>Creates or changes a scope.</summary>
    /// <param name="resources">Identifiers of the resources that exist.</param>
    public async Task<ScopeChange> StageScopeAsync(ScopeDraft draft, IReadOnlySet<string> resources, CancellationToken cancellationToken)
    {
        var problems = ScopeRules.ProblemsOfScope(draft, resources);
        if (problems.Count > 0)
        {
            return new ScopeChange.Invalid(problems);
        }

        var stored = await db.Set<Scope>().SingleOrDefaultAsync(row => row.Name == draft.Key, cancellationToken);
        var scope = stored ?? new Scope { Id = Guid.CreateVersion7(), Name = draft.Key };
        ScopeRows.Lay(draft.Members, scope);
        return await StageAsync(scope, scope.Id, isNew: stored is null, $"scope {draft.Key}", cancellationToken);
    }

    /// <summary>Creates or changes a resource. Whether its clients exist is the caller's to know.</summary>
    public async Task<ScopeChange> StageResourceAsync(ScopeDraft draft, CancellationToken cancellationToken)
    {
        var problems = ScopeRules.ProblemsOfResource(draft);
        if (problems.Count > 0)
        {
            return new ScopeChange.Invalid(problems);
        }

        var stored = await db.Set<ApiResource>().SingleOrDefaultAsync(row => row.Identifier == draft.Key, cancellationToken);
        var resource = stored ?? new ApiResource { Id = Guid.CreateVersion7(), Identifier = draft.Key };
        ScopeRows.Lay(draft.Members, resource);
        return await StageAsync(resource, resource.Id, isNew: stored is null, $"resource {draft.Key}", cancellationToken);
    }

    /// <summary>Prepares the removal of a scope. A client that may still ask for it is then refused it.</summary>
    public Task StageRemovalAsync(Scope scope, CancellationToken cancellationToken) =>
        RemoveAsync(scope, $"scope {scope.Name}", cancellationToken);

    /// <summary>Prepares the removal of a resource.</summary>
    public Task StageRemovalAsync(ApiResource resource, CancellationToken cancellationToken) =>
        RemoveAsync(resource, $"resource {resource.Identifier}", cancellationToken);

    private async Task RemoveAsync(object row, string what, CancellationToken cancellationToken)
    {
        db.Remove(row);
        audit.Add(db, AuditEventType.ScopeChanged, succeeded: true, reason: $"The {what} was removed.");
        await db.BumpAsync(ChangeStamps.Scopes, cancellationToken);
    }

    private async Task<ScopeChange> StageAsync(object row, Guid id, bool isNew, string what, CancellationToken cancellationToken)
    {
        if (isNew)
        {
            db.Add(row);
        }
        else if (db.Entry(row).State == EntityState.Unchanged)
        {
            return new ScopeChange.Unchanged(id);
        }

        audit.Add(db, AuditEventType.ScopeChanged, succeeded: true, reason: $"The {what} was {(isNew ? "created" : "changed")}.");
        await db.BumpAsync(ChangeStamps.Scopes, cancellationToken);
        return isNew ? new ScopeChange.Created(id) : new ScopeChange.Updated(id);
    }
}
