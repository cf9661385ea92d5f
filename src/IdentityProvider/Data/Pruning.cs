using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Data;

/// <summary>Deletes many rows in many short transactions, so that nobody waits behind a long one.</summary>
internal static class Pruning
{
    private const int Batch = 500;

    /// <summary>Deletes every row of <typeparamref name="T"/> of which the condition is true: what nobody needs any more.</summary>
    /// <param name="condition">SQL that both databases understand, with values in braces.</param>
    /// <returns>How many were deleted.</returns>
    public static async Task<int> PruneAsync<T>(this AppDbContext db, FormattableString condition, CancellationToken cancellationToken) where T : class
    {
        var entity = db.Model.FindEntityType(typeof(T))!;
        var (table, key) = (entity.GetTableName(), entity.FindPrimaryKey()!.Properties.Single().GetColumnName());
        var statement = FormattableStringFactory.Create(
            $"""DELETE FROM "{table}" WHERE "{key}" IN (SELECT "{key}" FROM "{table}" WHERE {condition.Format} LIMIT {Batch})""",
            condition.GetArguments());
        var total = 0;
        int deleted;
        do
        {
            deleted = await db.Database.ExecuteSqlAsync(statement, cancellationToken);
            total += deleted;
        }
        while (deleted == Batch);

        return total;
    }
}
