using IdentityProvider.Data;
using IdentityProvider.Permissions;
using IdentityProvider.Protocol;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Declarations;

/// <summary>The <c>permissions</c> of a resource in a declaration file.</summary>
internal sealed record OwnedPermissions(Entry Resource, IReadOnlyList<PermissionDraft> Permissions);

/// <summary>The <c>permissions</c> of the <c>resources</c> of a declaration file.</summary>
internal sealed class DeclaredPermissions(AppDbContext db, ResourcePermissions registry)
{
    public const string Member = "permissions";

    private static readonly ItemForm form = new(
        "name", StringComparer.Ordinal, new MemberTable(("name", MemberKind.Text), ("description", MemberKind.Text)));

    /// <summary>Takes them out of the entries, whose other members are not ours.</summary>
    public static IReadOnlyList<OwnedPermissions> Take(IReadOnlyList<Entry> resources, Progress progress)
    {
        var owned = new List<OwnedPermissions>();
        foreach (var entry in resources)
        {
            if (entry.TryTake(Member, out var list))
            {
                var problems = new List<MetadataProblem>();
                var items = form.Read(Member, list, problems);
                var drafts = items.Select(item => new PermissionDraft(item.Name, item.Members["description"]?.GetValue<string>())).ToList();
                problems.AddRange(items.Zip(drafts, Check).OfType<MetadataProblem>());
                progress.Refuse(entry, problems);
                owned.Add(new OwnedPermissions(entry, drafts));
            }
        }

        return owned;
    }

    /// <summary>Makes what is new, before roles name it.</summary>
    public async Task StageAsync(IReadOnlyList<OwnedPermissions> owned, Progress progress, CancellationToken cancellationToken)
    {
        foreach (var (entry, permissions) in owned.Where(declared => !progress.IsRefused(declared.Resource)))
        {
            var resource = await db.Set<ApiResource>().SingleAsync(row => row.Identifier == entry.Key, cancellationToken);
            if (await registry.StageAsync(resource, permissions, cancellationToken))
            {
                progress.Touch(resource.Id);
            }
        }
    }

    /// <summary>Takes away what a resource owns no longer, after roles have given it up.</summary>
    public async Task StageRemovalsAsync(IReadOnlyList<OwnedPermissions> owned, Progress progress, CancellationToken cancellationToken)
    {
        foreach (var (entry, permissions) in owned.Where(declared => !progress.IsRefused(declared.Resource)))
        {
            var resource = await db.Set<ApiResource>().SingleAsync(row => row.Identifier == entry.Key, cancellationToken);
            var kept = permissions.Select(permission => permission.Name).ToHashSet(StringComparer.Ordinal);
            var (changed, granted) = await registry.StageRemovalAsync(resource, kept, cancellationToken);
            progress.Refuse(entry, granted.Select(permission => new MetadataProblem(
                Member, $"\"{permission.Name}\" is still granted by the roles {string.Join(", ", permission.Roles)}: take it from them first, or in the same file.")));
            if (changed)
            {
                progress.Touch(resource.Id);
            }
        }
    }

    private static MetadataProblem? Check(NamedItem item, PermissionDraft draft) =>
        PermissionRules.NameProblem(draft.Name) is { } name ? new(item.Path, name)
        : PermissionRules.DescriptionProblem(draft.Description) is { } description ? new($"{item.Path}.description", description)
        : null;
}
