using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Protocol;
using IdentityProvider.Scopes;
using IdentityProvider.Users;

namespace IdentityProvider.Declarations;

/// <summary>
/// Whether applying a file would change nothing, as at most starts. It compares what is stored with what <see cref="DeclarationFile"/> would make of it,
/// by the same rules, and remembers nothing: whoever changed a file, a secret beside it or a row, and whatever a new version derives in another way, is seen.
/// Asked by statements, so that a start on an unchanged file needs no EF Core.
/// </summary>
internal sealed class DeclaredState(
    Statements statements, ScopeComparison scopes, ClientComparison clients, AccountComparison accounts, RegisteredAlgorithms algorithms)
{
    private static readonly Statement remembered = new("""SELECT "Row" FROM "DeclaredEntries" """);

    /// <summary>In doubt, and where anything is wrong with the file, the answer is no: then applying it tells.</summary>
    public async Task<bool> IsAsync(string path, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        var errors = new List<string>();
        return DeclarationParser.Parse(text, errors) is { } declaration && errors.Count == 0 && !GrantsPermissions(declaration) && !HasPolicies(declaration)
            && await RowsAsync(declaration, Path.GetDirectoryName(Path.GetFullPath(path))!, cancellationToken) is { } rows
            && (await statements.ReadAllAsync(remembered, static row => row.GetGuid(0), cancellationToken)).ToHashSet().IsSupersetOf(rows)
            && await algorithms.HaveKeysAsync(cancellationToken);
    }

    // Permissions and who has them are compared where they are applied: a file that names any is always applied.
    private static bool GrantsPermissions(Declaration declaration) =>
        declaration.Groups.Count > 0
        || declaration.Resources.Any(resource => resource.Members.ContainsKey(DeclaredPermissions.Member))
        || declaration.Roles.Any(role => role.Members.ContainsKey(DeclaredRoles.Grants) || role.Members.ContainsKey(DeclaredRoles.Inherits)
            || role.Members.ContainsKey(DeclaredRoles.Conflicting))
        || declaration.Clients.Any(client => client.Members.ContainsKey(DeclaredClientRoles.Member));

    // Policies too: their tests are run again, so that what a new version of this program understands in another way is told at its start.
    private static bool HasPolicies(Declaration declaration) =>
        declaration.Resources.Any(resource => resource.Members.ContainsKey(DeclaredPolicies.Member));

    // The rows of the entries, or null where one of them is not there or not as it is declared.
    private async Task<IReadOnlyList<Guid>?> RowsAsync(Declaration declaration, string folder, CancellationToken cancellationToken)
    {
        var known = await ScopeRows.ReadAsync(statements, cancellationToken);
        var resources = known.Resources.Keys.ToHashSet(StringComparer.Ordinal);
        var rows = new List<Guid>();
        return await AllAsync(declaration.Resources, entry => scopes.FindResourceAsync(new ScopeDraft(entry.Key, entry.Members), cancellationToken))
            && await AllAsync(declaration.Scopes, entry => scopes.FindScopeAsync(new ScopeDraft(entry.Key, entry.Members), resources, cancellationToken))
            && await AllAsync(declaration.Clients, entry => FindClientAsync(entry, known, folder, cancellationToken))
            && await NamedClientsExistAsync(declaration, cancellationToken)
            && await AllAsync(declaration.Roles, entry => FindRoleAsync(entry, cancellationToken))
            && await AllAsync(declaration.Users, entry => FindUserAsync(entry, cancellationToken))
            ? rows
            : null;

        async Task<bool> AllAsync(IReadOnlyList<Entry> entries, Func<Entry, Task<Guid?>> find)
        {
            foreach (var entry in entries)
            {
                if (await find(entry) is not { } row)
                {
                    return false;
                }

                rows.Add(row);
            }

            return true;
        }
    }

    private async Task<Guid?> FindClientAsync(Entry entry, ScopeSet known, string folder, CancellationToken cancellationToken)
    {
        var problems = new List<MetadataProblem>();
        var secret = await DeclaredClients.TakeSecretAsync(entry, folder, problems, cancellationToken);
        return problems.Count > 0 ? null : await clients.FindAsync(new ClientDraft(entry.Key, entry.Members, secret), known, cancellationToken);
    }

    private async Task<bool> NamedClientsExistAsync(Declaration declaration, CancellationToken cancellationToken)
    {
        var progress = new Progress();
        DeclaredScopes.CheckClients(declaration.Resources, declaration.Scopes, await clients.IdentifiersAsync(cancellationToken), progress);
        return progress.Errors.Count == 0;
    }

    private async Task<Guid?> FindRoleAsync(Entry entry, CancellationToken cancellationToken)
    {
        if (DeclaredRoles.Members.Check(entry.Members).Concat(DeclaredRoles.CheckBuiltIn(entry)).Any())
        {
            return null;
        }

        var isDescribed = entry.Members.TryGetPropertyValue("description", out var description);
        return await accounts.FindRoleAsync(entry.Key, description?.GetValue<string>(), isDescribed, cancellationToken);
    }

    private async Task<Guid?> FindUserAsync(Entry entry, CancellationToken cancellationToken) =>
        DeclaredPeople.TakeUser(entry, []) is { } declared ? await accounts.FindUserAsync(declared, cancellationToken) : null;
}
