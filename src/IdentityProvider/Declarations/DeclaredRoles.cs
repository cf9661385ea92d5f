using System.Text.Json.Nodes;
using IdentityProvider.Data;
using IdentityProvider.Permissions;
using IdentityProvider.Protocol;
using IdentityProvider.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Declarations;

/// <summary>An entry of <c>roles</c> of a declaration file.</summary>
/// <param name="Problems">What is wrong with it by itself.</param>
/// <param name="Permissions">By resource; null where the entry does not say.</param>
/// <param name="Inherited">Null where the entry does not say.</param>
/// <param name="Conflicts">Null where the entry does not say.</param>
internal sealed record DeclaredRole(
    Entry Entry,
    IReadOnlyList<MetadataProblem> Problems,
    IReadOnlyDictionary<string, IReadOnlyList<NamedItem>>? Permissions,
    IReadOnlyList<NamedItem>? Inherited,
    IReadOnlyList<NamedItem>? Conflicts)
{
    public bool IsDescribed => Entry.Members.ContainsKey(DeclaredRoles.Description);

    public string? Description => Entry.Members[DeclaredRoles.Description]?.GetValue<string>();
}

/// <summary>The <c>roles</c> of a declaration file.</summary>
internal sealed class DeclaredRoles(AppDbContext db, RoleRegistry roles, RoleGrants grants, DeclaredNames names, ILookupNormalizer normalizer)
{
    public const string Grants = "permissions";
    public const string Inherits = "inherits";
    public const string Conflicting = "conflicts_with";
    public const string Description = "description";

    private const int LongestRole = 256;

    private static readonly ItemForm permissionNames = ItemForm.Plain(StringComparer.Ordinal);
    private static readonly ItemForm roleNames = ItemForm.Plain(StringComparer.OrdinalIgnoreCase);

    public static MemberTable Members { get; } = new((Description, MemberKind.Text), (Grants, MemberKind.Entry), (Inherits, MemberKind.TextList), (Conflicting, MemberKind.TextList));

    public async Task ApplyAsync(Declaration declaration, Progress progress, CancellationToken cancellationToken)
    {
        if (declaration.Roles.Count == 0)
        {
            return;
        }

        var declared = declaration.Roles.Select(entry => Read(entry, normalizer)).ToList();
        foreach (var role in declared)
        {
            progress.Refuse(role.Entry, role.Problems);
        }

        declared.RemoveAll(static role => role.Problems.Count > 0);
        var made = await roles.StageAsync(
            [.. declared.Select(role => new RoleDraft(role.Entry.Key, role.IsDescribed, role.Description))], cancellationToken);
        var changed = await grants.StageAsync(await ResolveAsync(declaration, declared, made, progress, cancellationToken), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await RefuseCirclesAsync(declared, made, progress, cancellationToken);
        foreach (var role in made)
        {
            progress.Note(DeclaredKind.Role, role.Role, role.IsNew, role.IsChanged || changed.Contains(role.Role));
        }
    }

    private async Task<IReadOnlyCollection<RoleGrantDraft>> ResolveAsync(
        Declaration declaration, IReadOnlyList<DeclaredRole> declared, IReadOnlyList<RoleChange> made, Progress progress, CancellationToken cancellationToken)
    {
        var permissions = await KnownPermissionsAsync(cancellationToken);
        var unsound = progress.RefusedKeys(declaration.Resources, StringComparer.Ordinal);
        var known = await names.RolesAsync(declared.SelectMany(role => (role.Inherited ?? []).Concat(role.Conflicts ?? [])), cancellationToken);
        var unsoundRoles = progress.RefusedKeys(declaration.Roles, StringComparer.OrdinalIgnoreCase);
        var drafts = new List<RoleGrantDraft>();
        foreach (var (role, change) in declared.Zip(made))
        {
            var problems = new List<MetadataProblem>();
            var granted = role.Permissions?.SelectMany(resource => Find(resource.Key, resource.Value, permissions, unsound, problems)).ToList();
            var inherited = role.Inherited is { } items ? names.Resolve(items, known, "role", unsoundRoles, problems).Keys : null;
            var conflicting = role.Conflicts is { } others ? names.Resolve(others, known, "role", unsoundRoles, problems).Keys.ToList() : null;
            if (conflicting?.Contains(change.Role) == true)
            {
                problems.Add(new(Conflicting, "A role does not conflict with itself."));
            }

            progress.Refuse(role.Entry, problems);
            drafts.Add(new RoleGrantDraft(change.Role, role.Entry.Key, granted, inherited?.ToList(), conflicting));
        }

        return drafts;
    }

    // Everything that is stored counts: two roles that were right by themselves may be wrong together.
    private async Task RefuseCirclesAsync(
        IReadOnlyList<DeclaredRole> declared, IReadOnlyList<RoleChange> made, Progress progress, CancellationToken cancellationToken)
    {
        var circles = await grants.FindCirclesAsync(cancellationToken);
        if (circles.Count == 0)
        {
            return;
        }

        var called = await db.Roles.AsNoTracking().ToDictionaryAsync(role => role.Id, role => role.Name, cancellationToken);
        foreach (var (role, change) in declared.Zip(made))
        {
            if (role.Inherited is not null && circles.FirstOrDefault(circle => circle.Contains(change.Role)) is { } circle && circle is [var first, ..])
            {
                // Told once, at the first of its roles in the file.
                circles = [.. circles.Where(other => other[0] != first)];
                progress.Refuse(role.Entry, [new(Inherits, $"These roles inherit each other in a circle: {string.Join(" -> ", circle.Select(id => called[id]))}.")]);
            }
        }
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, Guid>>> KnownPermissionsAsync(CancellationToken cancellationToken)
    {
        var rows = await (
            from resource in db.Set<ApiResource>()
            join permission in db.Set<Permission>() on resource.Id equals permission.ResourceId into owned
            from permission in owned.DefaultIfEmpty()
            select new { resource.Identifier, Name = permission == null ? null : permission.Name, Id = permission == null ? Guid.Empty : permission.Id })
            .ToListAsync(cancellationToken);
        return rows.GroupBy(row => row.Identifier, StringComparer.Ordinal).ToDictionary(
            resource => resource.Key,
            IReadOnlyDictionary<string, Guid> (resource) =>
                resource.Where(row => row.Name is not null).ToDictionary(row => row.Name!, row => row.Id, StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    private static IEnumerable<Guid> Find(
        string resource, IReadOnlyList<NamedItem> items, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Guid>> permissions,
        IReadOnlySet<string> unsound, List<MetadataProblem> problems)
    {
        if (unsound.Contains(resource))
        {
            yield break;
        }

        var owned = permissions.GetValueOrDefault(resource);
        if (ResourceProblem(resource, isKnown: owned is not null) is { } problem)
        {
            problems.Add(problem);
            yield break;
        }

        foreach (var item in items)
        {
            if (owned!.TryGetValue(item.Name, out var key))
            {
                yield return key;
            }
            else
            {
                problems.Add(new(item.Path, $"The resource {resource} owns no permission \"{item.Name}\"."));
            }
        }
    }

    /// <summary>Why no role grants anything of that resource; null when one may.</summary>
    /// <param name="isKnown">Whether there is such a resource.</param>
    public static MetadataProblem? ResourceProblem(string resource, bool isKnown) =>
        resource == AdministrationResource.Identifier ? new($"{Grants}.{resource}",
            $"A role grants something of this server's administration by inheriting its roles: {string.Join(", ", BuiltInRole.All.Select(role => role.Name))}.")
        : isKnown ? null
        : new($"{Grants}.{resource}", $"There is no resource \"{resource}\".");

    /// <summary>What an entry says. Whether what it names is there is the caller's to know.</summary>
    public static DeclaredRole Read(Entry entry, ILookupNormalizer normalizer)
    {
        var problems = Members.Check(entry.Members).Concat(CheckBuiltIn(entry)).Concat(CheckRole(entry, normalizer)).ToList();
        if (problems.Count > 0)
        {
            return new DeclaredRole(entry, problems, null, null, null);
        }

        Dictionary<string, IReadOnlyList<NamedItem>>? permissions = null;
        if (entry.Members.TryGetPropertyValue(Grants, out var granted))
        {
            permissions = (granted as JsonObject ?? []).ToDictionary(
                resource => resource.Key, resource => permissionNames.Read($"{Grants}.{resource.Key}", resource.Value, problems), StringComparer.Ordinal);
        }

        return new DeclaredRole(entry, problems, permissions, Names(Inherits), Names(Conflicting));

        IReadOnlyList<NamedItem>? Names(string member) =>
            entry.Members.TryGetPropertyValue(member, out var list) ? roleNames.Read(member, list, problems) : null;
    }

    // What a role of this server's administration is, is not for a file to say; the name of the first one may stand there, as it always could.
    private static IEnumerable<MetadataProblem> CheckBuiltIn(Entry entry)
    {
        var builtIn = BuiltInRole.Named(entry.Key);
        if (builtIn == BuiltInRole.Administrator)
        {
            foreach (var member in new[] { Grants, Inherits, Conflicting }.Where(entry.Members.ContainsKey))
            {
                yield return new(member, $"The role {builtIn.Name} is this server's own and grants what it grants: make a role of your own beside it.");
            }
        }
        else if (builtIn is not null)
        {
            yield return new("name", $"The role {builtIn.Name} is this server's own: assign it or inherit it without declaring it, or give yours another name.");
        }
    }

    private static IEnumerable<MetadataProblem> CheckRole(Entry entry, ILookupNormalizer normalizer)
    {
        if (entry.Key.Length > LongestRole || normalizer.NormalizeName(entry.Key).Length > LongestRole
            || entry.Key.Any(character => char.IsControl(character) || char.IsWhiteSpace(character)))
        {
            yield return new("name", $"A role's name has at most {LongestRole} visible characters and no space.");
        }

        if (entry.Members[Description] is JsonValue value && value.TryGetValue<string>(out var text)
            && PermissionRules.DescriptionProblem(text) is { } problem)
        {
            yield return new(Description, problem);
        }
    }
}
