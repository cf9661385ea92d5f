using IdentityProvider.Data;

namespace IdentityProvider.Permissions;

/// <summary>A role or a group that somebody has.</summary>
/// <param name="Id">The key of the role or group.</param>
internal sealed record ReachAssignment(bool IsGroup, Guid Id, Period Period);

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
        var granted = assigned.Select(item => (item.Period, Permissions: model.GrantedBy(RolesOf(model, item)))).ToList();
        var end = DateTime.MaxValue;
        foreach (var permission in permissions)
        {
            var ends = granted.Where(item => item.Permissions.Contains(permission)).Select(item => item.Period.ExpiresAt ?? DateTime.MaxValue).ToList();
            if (ends.Count == 0)
            {
                return null;
            }

            end = end < ends.Max() ? end : ends.Max();
        }

        return end;
    }

    private DateTime? EndOf(Func<ReachAssignment, bool> brings) =>
        assigned.Where(brings).Select(item => (DateTime?) (item.Period.ExpiresAt ?? DateTime.MaxValue)).Max();

    private static IEnumerable<Guid> RolesOf(AccessModel model, ReachAssignment item) => item.IsGroup ? model.BroughtBy([item.Id]) : [item.Id];
}
