using IdentityProvider.Data;
using IdentityProvider.Jobs;
using IdentityProvider.Permissions;

namespace IdentityProvider.Administration;

/// <summary>
/// Where every change of clients, people and assignments is made: in one transaction during which nobody else changes who holds what, on this node or
/// another, and by what the caller holds in it. A permission that was taken from them while they waited is gone.
/// </summary>
internal sealed class Changes(AppDbContext db, AccessCatalog catalog, AccessReach reach, ChangeWatch watch)
{
    /// <param name="change">Prepares the change. It is saved and committed where it was not refused.</param>
    public async Task<Answer> MakeAsync(AdministrationRequest request, Func<Bounds, Task<Answer>> change)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(request.Aborted);
        // In the order in which declarations take them.
        await db.HoldAsync(ChangeStamps.Clients, request.Aborted);
        await db.HoldAsync(ChangeStamps.Permissions, request.Aborted);
        var model = await catalog.ReadStoredAsync(request.Aborted);
        var held = await reach.NowAsync(model, request.Caller.Holder, request.Aborted);
        var own = held.Permissions.Where(item => item.Resource == AdministrationResource.Identifier).Select(item => item.Permission).ToList();
        if (AdministrationEndpoint.RefusalOf(own, request.Operation.Permission) is { } problem)
        {
            return problem;
        }

        var answer = await change(new Bounds(request.Caller, model, held, reach));
        if (answer is Answer.Done)
        {
            await db.SaveChangesAsync(request.Aborted);
            await transaction.CommitAsync(request.Aborted);
            // Other nodes notice within about a second by themselves.
            await watch.LookAsync(request.Aborted);
        }

        return answer;
    }
}
