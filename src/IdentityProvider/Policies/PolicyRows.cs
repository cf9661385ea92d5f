using IdentityProvider.Data;

namespace IdentityProvider.Policies;

/// <summary>The policies of a resource lie in its own row, as JSON.</summary>
internal static class PolicyRows
{
    private static readonly Statement all = new("""SELECT "Identifier", "Policies" FROM "ApiResources" WHERE "Policies" IS NOT NULL""");

    public static async Task<PolicySet> ReadAsync(Statements statements, CancellationToken cancellationToken) => new(
        await statements.ReadAllAsync(all, static row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), cancellationToken));
}
