using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Data;

/// <summary>Deletes many rows in many short transactions, so that nobody waits behind a long one.</summary>
internal static class Pruning
{
    private const int Batch = 500;

    /// <summary>Deletes every row of <paramref name="rows"/>, oldest or not: what is selected is what nobody needs any more.</summary>
    /// <returns>How many were deleted.</returns>
    public static async Task<int> PruneAsync<T>(this IQueryable<T> rows, CancellationToken cancellationToken) where T : class
    {
        var total = 0;
        int deleted;
        do
        {
            deleted = await rows.Take(Batch).ExecuteDeleteAsync(cancellationToken);
            total += deleted;
        }
        while (deleted == Batch);

        return total;
    }
}
