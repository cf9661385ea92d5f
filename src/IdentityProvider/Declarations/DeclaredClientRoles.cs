using IdentityProvider.Permissions;
using IdentityProvider.Protocol;

namespace IdentityProvider.Declarations;

/// <summary>The <c>roles</c> of a client in a declaration file.</summary>
internal sealed record AssignedRoles(Entry Client, IReadOnlyList<NamedItem> Roles);

/// <summary>The <c>roles</c> of the <c>clients</c> of a declaration file: no member of their registration, which the client itself may once change.</summary>
internal sealed class DeclaredClientRoles(ClientRoles registry, DeclaredNames names)
{
    public const string Member = "roles";

    private static readonly ItemForm form = ItemForm.Assigned("role", StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes them out of the entries, whose other members are the registration's.</summary>
    public static IReadOnlyList<AssignedRoles> Take(IReadOnlyList<Entry> clients, Progress progress)
    {
        var assigned = new List<AssignedRoles>();
        foreach (var entry in clients)
        {
            if (entry.TryTake(Member, out var list))
            {
                var problems = new List<MetadataProblem>();
                assigned.Add(new AssignedRoles(entry, form.Read(Member, list, problems)));
                progress.Refuse(entry, problems);
            }
        }

        return assigned;
    }

    public async Task StageAsync(
        Declaration declaration, IReadOnlyList<AssignedRoles> assigned, Progress progress, CancellationToken cancellationToken)
    {
        var known = await names.RolesAsync(assigned.SelectMany(client => client.Roles), cancellationToken);
        var clients = await names.ClientsAsync(assigned.Select(client => new NamedItem("", client.Client.Key, [])), cancellationToken);
        var unsound = progress.RefusedKeys(declaration.Roles, StringComparer.OrdinalIgnoreCase);
        foreach (var (entry, roles) in assigned.Where(declared => !progress.IsRefused(declared.Client)))
        {
            var problems = new List<MetadataProblem>();
            var resolved = names.Resolve(roles, known, "role", unsound, problems);
            progress.Refuse(entry, problems);
            if (problems.Count == 0 && await registry.StageAsync(clients[entry.Key], entry.Key, resolved, cancellationToken))
            {
                progress.Touch(clients[entry.Key]);
            }
        }
    }
}
