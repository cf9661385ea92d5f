using IdentityProvider.Audit;
using IdentityProvider.Data;

namespace IdentityProvider.Policies;

/// <summary>
/// The only writer of policies. It prepares changes for a caller that has a transaction of its own, has taken hold of
/// <see cref="ChangeStamps.Scopes"/> in it, and will save and commit.
/// </summary>
internal sealed class ResourcePolicies(AppDbContext db, AuditLog audit)
{
    /// <summary>Gives a resource exactly those policies.</summary>
    /// <returns>Whether that changes anything.</returns>
    public async Task<bool> StageAsync(ApiResource resource, PolicyList policies, CancellationToken cancellationToken)
    {
        if (resource.Policies == policies.Json)
        {
            return false;
        }

        resource.Policies = policies.Json;
        audit.Add(db, AuditEventType.PoliciesChanged, succeeded: true, reason: $"The policies of the resource {resource.Identifier} were changed.");
        await db.BumpAsync(ChangeStamps.Scopes, cancellationToken);
        return true;
    }
}
