using IdentityProvider.Data;
using IdentityProvider.Policies;
using IdentityProvider.Protocol;

namespace IdentityProvider.Declarations;

/// <summary>The <c>policies</c> of a resource in a declaration file.</summary>
internal sealed record OwnedPolicies(Entry Resource, PolicyList Policies);

/// <summary>The <c>policies</c> of the <c>resources</c> of a declaration file.</summary>
internal sealed class DeclaredPolicies(AppDbContext db, ResourcePolicies registry)
{
    public const string Member = "policies";

    /// <summary>Takes them out of the entries, whose other members are not ours, and runs their tests.</summary>
    public static IReadOnlyList<OwnedPolicies> Take(IReadOnlyList<Entry> resources, Progress progress)
    {
        var owned = new List<OwnedPolicies>();
        foreach (var entry in resources)
        {
            if (entry.TryTake(Member, out var list))
            {
                var problems = new List<MetadataProblem>();
                owned.Add(new OwnedPolicies(entry, PolicyRules.Read(list, problems)));
                progress.Refuse(entry, problems.Select(problem => problem.Under(Member)));
            }
        }

        return owned;
    }

    /// <summary>Gives resources that the caller has prepared exactly what is declared.</summary>
    public async Task StageAsync(IReadOnlyList<OwnedPolicies> owned, Progress progress, CancellationToken cancellationToken)
    {
        foreach (var (entry, policies) in owned.Where(declared => !progress.IsRefused(declared.Resource)))
        {
            var resource = db.Set<ApiResource>().Local.Single(row => row.Identifier == entry.Key);
            if (await registry.StageAsync(resource, policies, cancellationToken))
            {
                progress.Touch(resource.Id);
            }
        }
    }
}
