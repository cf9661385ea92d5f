using IdentityProvider.Data;

namespace IdentityProvider.Permissions;

/// <summary>A role or a group that somebody has.</summary>
/// <param name="Id">The key of the role or group.</param>
internal sealed record ReachAssignment(bool IsGroup, Guid Id, Period Period)
{
    /// <summary>When it ends; <see cref="DateTime.MaxValue"/> where it does not.</summary>
    public DateTime End => Period.ExpiresAt ?? DateTime.MaxValue;
}

/// <summary>What somebody holds by what is assigned to them, and until when.</summary>
internal sealed class Reach(AccessModel model, IReadOnlyList<ReachAssignment> assigned)
{
    /// <summary>At all resources together.</summary>
    public IReadOnlySet<ResourcePermission> Permissions { get; } = model.GrantedBy(assigned.SelectMany(item => RolesOf(model, item)));

    /// <summary>When the last assignment ends that brings the role, itself or by inheritance or a group; null where none does.</summary>
    public DateTime? EndOfRole(Guid role) => EndOf(item => model.WithInherited(RolesOf(model, item)).Contains(role));

    /// <summary>When the assignment of the group ends; null where there is none.</summary>
    public DateTime? EndOfGroup(Guid group) => EndOf(item => item.IsGroup && item.Id == group);

    /// <summary>When the first of these permissions is lost; null where one is not held at all.</summary>
    public DateTime? EndOfAll(IEnumerable<ResourcePermission> permissions)
    {
        var ends = Ends(model, assigned);
        var first = DateTime.MaxValue;
        foreach (var permission in permissions)
        {
            if (!ends.TryGetValue(permission, out var end))
            {
                return null;
            }

            first = end < first ? end : first;
        }

        return first;
    }

    /// <summary>By permission: when the last of these assignments ends that brings it.</summary>
    public static IReadOnlyDictionary<ResourcePermission, DateTime> Ends(AccessModel model, IEnumerable<ReachAssignment> assigned)
    {
        var ends = new Dictionary<ResourcePermission, DateTime>();
        foreach (var item in assigned)
        {
            foreach (var permission in model.GrantedBy(RolesOf(model, item)))
            {
                ends[permission] = ends.TryGetValue(permission, out var other) && other > item.End ? other : item.End;
            }
        }

        return ends;
    }

    private DateTime? EndOf(Func<ReachAssignment, bool> brings) => assigned.Where(brings).Select(item => (DateTime?)item.End).Max();

    private static IEnumerable<Guid> RolesOf(AccessModel model, ReachAssignment item) => item.IsGroup ? model.BroughtBy([item.Id]) : [item.Id];
}
