namespace IdentityProvider.Data;

/// <summary>Deletes many rows in many short transactions, so that nobody waits behind a long one.</summary>
internal static class Pruning
{
    private const int Batch = 500;

    /// <summary>The statement that deletes some of the rows of which the condition is true.</summary>
    /// <param name="key">The column of the primary key.</param>
    /// <param name="condition">SQL that both databases understand.</param>
    /// <param name="parameters">The names of its parameters.</param>
    public static Statement Of(string table, string key, string condition, params string[] parameters) => new(
        $"""DELETE FROM "{table}" WHERE "{key}" IN (SELECT "{key}" FROM "{table}" WHERE {condition} LIMIT {Batch})""", parameters);

    /// <summary>Deletes every row that a statement of <see cref="Of"/> names: what nobody needs any more.</summary>
    /// <returns>How many were deleted.</returns>
    public static async Task<int> PruneAsync(this Statements statements, Statement prune, CancellationToken cancellationToken, params object?[] values)
    {
        var total = 0;
        int deleted;
        do
        {
            deleted = await statements.ExecuteAsync(prune, cancellationToken, values);
            total += deleted;
        }
        while (deleted == Batch);

        return total;
    }
}
