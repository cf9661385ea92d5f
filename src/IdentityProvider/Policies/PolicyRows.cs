using IdentityProvider.Data;

namespace IdentityProvider.Policies;

/// <summary>The policies of a resource lie in its own row, as JSON.</summary>
internal static class PolicyRows
{
    private static readonly Statement all = new("""SELECT "Identifier", "Policies" FROM "ApiResources" WHERE "Policies" IS NOT NULL""");

    private static readonly Statement one = new("""SELECT "Policies" FROM "ApiResources" WHERE "Identifier" = @resource""", "@resource");

    public static async Task<PolicySet> ReadAsync(Statements statements, CancellationToken cancellationToken) => new(
        await statements.ReadAllAsync(all, static row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), cancellationToken));

    /// <summary>Whether <see cref="ResourcePolicies"/> would change nothing of a resource.</summary>
    /// <param name="resource">The resource's identifier.</param>
    public static async Task<bool> AreAsync(Statements statements, string resource, PolicyList policies, CancellationToken cancellationToken) =>
        await statements.ReadAllAsync(one, static row => row.Text(0), cancellationToken, resource) is [var stored] && stored == policies.Json;
}
