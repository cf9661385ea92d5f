using IdentityProvider.Permissions;
using IdentityProvider.Protocol;

namespace IdentityProvider.Declarations;

/// <summary>The <c>groups</c> of a declaration file.</summary>
internal sealed class DeclaredGroups(GroupRegistry registry, DeclaredNames names)
{
    private const string Description = "description";
    private const string Roles = "roles";
    private const string Users = "users";
    private const string Clients = "clients";

    private static readonly ItemForm roleNames = ItemForm.Plain(StringComparer.OrdinalIgnoreCase);
    private static readonly ItemForm userNames = ItemForm.Assigned("username", StringComparer.OrdinalIgnoreCase);
    private static readonly ItemForm clientNames = ItemForm.Assigned("client_id", StringComparer.Ordinal);

    public static MemberTable Members { get; } = new(
        (Description, MemberKind.Text), (Roles, MemberKind.TextList), (Users, MemberKind.List), (Clients, MemberKind.List));

    public async Task ApplyAsync(Declaration declaration, Progress progress, CancellationToken cancellationToken)
    {
        foreach (var entry in declaration.Groups)
        {
            var problems = Check(entry).ToList();
            var (roles, users, clients) = (List(Roles, roleNames), List(Users, userNames), List(Clients, clientNames));
            if (problems.Count == 0)
            {
                var draft = new GroupDraft(
                    entry.Key,
                    roles is null ? null : [.. names.Resolve(
                        roles, await names.RolesAsync(roles, cancellationToken), "role",
                        progress.RefusedKeys(declaration.Roles, StringComparer.OrdinalIgnoreCase), problems).Keys],
                    users is null ? null : names.Resolve(
                        users, await names.UsersAsync(users, cancellationToken), "user",
                        progress.RefusedKeys(declaration.Users, StringComparer.OrdinalIgnoreCase), problems),
                    clients is null ? null : names.Resolve(
                        clients, await names.ClientsAsync(clients, cancellationToken), "client",
                        progress.RefusedKeys(declaration.Clients, StringComparer.Ordinal), problems))
                {
                    IsDescribed = entry.Members.ContainsKey(Description),
                    Description = entry.Members[Description]?.GetValue<string>(),
                };
                if (problems.Count == 0)
                {
                    var change = await registry.StageAsync(draft, cancellationToken);
                    progress.Note(DeclaredKind.Group, change.Group, change.IsNew, change.IsChanged);
                }
            }

            progress.Refuse(entry, problems);

            IReadOnlyList<NamedItem>? List(string member, ItemForm form) =>
                problems.Count == 0 && entry.Members.TryGetPropertyValue(member, out var list) ? form.Read(member, list, problems) : null;
        }
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
