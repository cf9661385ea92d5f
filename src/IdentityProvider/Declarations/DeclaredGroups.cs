using IdentityProvider.Permissions;
using IdentityProvider.Protocol;

namespace IdentityProvider.Declarations;

/// <summary>An entry of <c>groups</c> of a declaration file.</summary>
/// <param name="Problems">What is wrong with it by itself; whoever looks for what it names adds to them.</param>
/// <param name="Roles">Null where the entry does not say, as are the others.</param>
internal sealed record DeclaredGroup(
    Entry Entry, List<MetadataProblem> Problems, IReadOnlyList<NamedItem>? Roles, IReadOnlyList<NamedItem>? Users, IReadOnlyList<NamedItem>? Clients)
{
    public bool IsDescribed => Entry.Members.ContainsKey(DeclaredGroups.Description);

    public string? Description => Entry.Members[DeclaredGroups.Description]?.GetValue<string>();
}

/// <summary>The <c>groups</c> of a declaration file.</summary>
internal sealed class DeclaredGroups(GroupRegistry registry, DeclaredNames names)
{
    public const string Brought = "roles";
    public const string Description = "description";

    private const string Users = "users";
    private const string Clients = "clients";

    private static readonly ItemForm roleNames = ItemForm.Plain(StringComparer.OrdinalIgnoreCase);
    private static readonly ItemForm userNames = ItemForm.Assigned("username", StringComparer.OrdinalIgnoreCase);
    private static readonly ItemForm clientNames = ItemForm.Assigned("client_id", StringComparer.Ordinal);

    public static MemberTable Members { get; } = new(
        (Description, MemberKind.Text), (Brought, MemberKind.TextList), (Users, MemberKind.List), (Clients, MemberKind.List));

    public async Task ApplyAsync(Declaration declaration, Progress progress, CancellationToken cancellationToken)
    {
        var declared = declaration.Groups.Select(Read).ToList();
        var roles = await names.RolesAsync(declared.SelectMany(group => group.Roles ?? []), cancellationToken);
        var users = await names.UsersAsync(declared.SelectMany(group => group.Users ?? []), cancellationToken);
        var clients = await names.ClientsAsync(declared.SelectMany(group => group.Clients ?? []), cancellationToken);
        var unsoundRoles = progress.RefusedKeys(declaration.Roles, StringComparer.OrdinalIgnoreCase);
        var unsoundUsers = progress.RefusedKeys(declaration.Users, StringComparer.OrdinalIgnoreCase);
        var unsoundClients = progress.RefusedKeys(declaration.Clients, StringComparer.Ordinal);
        foreach (var group in declared)
        {
            var (entry, problems, brings, people, machines) = group;
            var draft = new GroupDraft(
                entry.Key,
                brings is null ? null : [.. names.Resolve(brings, roles, "role", unsoundRoles, problems).Keys],
                people is null ? null : names.Resolve(people, users, "user", unsoundUsers, problems),
                machines is null ? null : DeclaredNames.ResolveClients(machines, clients, unsoundClients, problems));
            progress.Refuse(entry, problems);
            if (problems.Count == 0)
            {
                var change = await registry.StageAsync(draft with { IsDescribed = group.IsDescribed, Description = group.Description }, cancellationToken);
                progress.Note(DeclaredKind.Group, change.Group, change.IsNew, change.IsChanged);
            }
        }
    }

    /// <summary>What an entry says. Whether what it names is there is the caller's to know.</summary>
    public static DeclaredGroup Read(Entry entry)
    {
        var problems = Check(entry).ToList();
        return problems.Count > 0
            ? new DeclaredGroup(entry, problems, null, null, null)
            : new DeclaredGroup(entry, problems, List(Brought, roleNames), List(Users, userNames), List(Clients, clientNames));

        IReadOnlyList<NamedItem>? List(string member, ItemForm form) =>
            entry.Members.TryGetPropertyValue(member, out var list) ? form.Read(member, list, problems) : null;
    }

    private static IEnumerable<MetadataProblem> Check(Entry entry)
    {
        if (PermissionRules.GroupProblem(entry.Key) is { } name)
        {
            yield return new("name", name);
        }

        var wrong = Members.Check(entry.Members).ToList();
        foreach (var problem in wrong)
        {
            yield return problem;
        }

        if (wrong.Count == 0 && PermissionRules.DescriptionProblem(entry.Members[Description]?.GetValue<string>()) is { } description)
        {
            yield return new(Description, description);
        }
    }
}
