using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Data;

/// <summary>How a grant ends, whoever ends it: the grant first, then the tokens that hang on it.</summary>
internal static class GrantEnding
{
    /// <summary>Ends the grants that <paramref name="grants"/> selects. The caller holds the transaction.</summary>
    public static async Task<int> EndAsync(DbContext db, IQueryable<Grant> grants, CancellationToken cancellationToken)
    {
        var valid = grants.Where(grant => grant.Status == Statuses.Valid);
        var ids = await valid.Select(grant => (Guid?)grant.Id).ToListAsync(cancellationToken);
        if (ids.Count == 0)
        {
            return 0;
        }

        var ended = await db.Set<Grant>().Where(grant => ids.Contains(grant.Id) && grant.Status == Statuses.Valid)
            .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.Status, Statuses.Revoked), cancellationToken);
        await db.Set<Token>().Where(token => ids.Contains(token.AuthorizationId) && token.Status == Statuses.Valid)
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.Status, Statuses.Revoked), cancellationToken);
        return ended;
    }

    /// <summary>Ends one grant in a transaction of its own.</summary>
    public static async Task<bool> EndAsync(ProtocolDbContext db, Guid grantId, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var ended = await EndAsync(db, db.Set<Grant>().Where(grant => grant.Id == grantId), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ended > 0;
    }
}
