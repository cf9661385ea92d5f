using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Policies;
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
    Statements statements, ScopeComparison scopes, ClientComparison clients, AccountComparison accounts, DeclaredAccess access, RegisteredAlgorithms algorithms)
{
    private static readonly Statement remembered = new("""SELECT "Row" FROM "DeclaredEntries" """);

    /// <summary>In doubt, and where anything is wrong with the file, the answer is no: then applying it tells.</summary>
    public async Task<bool> IsAsync(string path, CancellationToken cancellationToken)
    {
        var progress = new Progress();
        return await DeclarationText.ReadAsync(path, cancellationToken) is { } read
            && DeclarationParser.Parse(read.Text, progress.Errors) is { } declaration
            && await RowsAsync(declaration, read.Folder, progress, cancellationToken) is { } rows
            && (await statements.ReadAllAsync(remembered, static row => row.GetGuid(0), cancellationToken)).ToHashSet().IsSupersetOf(rows)
            && await algorithms.HaveKeysAsync(cancellationToken);
    }

    // The rows of the entries, or null where one of them is not there or not as it is declared. Policies have their tests run again, so that what a new
    // version of this program understands in another way is told at its start.
    private async Task<IReadOnlyCollection<Guid>?> RowsAsync(Declaration declaration, string folder, Progress progress, CancellationToken cancellationToken)
    {
        var owned = DeclaredPermissions.Take(declaration.Resources, progress);
        var policies = DeclaredPolicies.Take(declaration.Resources, progress);
        var assigned = DeclaredClientRoles.Take(declaration.Clients, progress);
        if (progress.Errors.Count > 0)
        {
            return null;
        }

        var known = await ScopeRows.ReadAsync(statements, cancellationToken);
        var resources = known.Resources.Keys.ToHashSet(StringComparer.Ordinal);
        var rows = new Dictionary<string, Guid>(StringComparer.Ordinal);
        return await AllAsync(declaration.Resources, entry => scopes.FindResourceAsync(new ScopeDraft(entry.Key, entry.Members), cancellationToken))
            && await access.AreOwnedAsync(owned, rows, cancellationToken)
            && await HavePoliciesAsync(policies, cancellationToken)
            && await AllAsync(declaration.Scopes, entry => scopes.FindScopeAsync(new ScopeDraft(entry.Key, entry.Members), resources, cancellationToken))
            && await AllAsync(declaration.Clients, entry => FindClientAsync(entry, known, folder, cancellationToken))
            && await FitAsync(declaration, known, progress, cancellationToken)
            && await AllAsync(declaration.Roles, entry => access.FindRoleAsync(entry, known, cancellationToken))
            && await AllAsync(declaration.Users, entry => FindUserAsync(entry, cancellationToken))
            && await access.AreAssignedAsync(assigned, rows, cancellationToken)
            && await AllAsync(declaration.Groups, entry => access.FindGroupAsync(entry, cancellationToken))
            ? rows.Values
            : null;

        async Task<bool> AllAsync(IReadOnlyList<Entry> entries, Func<Entry, Task<Guid?>> find)
        {
            foreach (var entry in entries)
            {
                if (await find(entry) is not { } row)
                {
                    return false;
                }

                rows[entry.Path] = row;
            }

            return true;
        }
    }

    private async Task<bool> HavePoliciesAsync(IReadOnlyList<OwnedPolicies> owned, CancellationToken cancellationToken)
    {
        foreach (var (resource, policies) in owned)
        {
            if (!await PolicyRows.AreAsync(statements, resource.Key, policies, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<Guid?> FindClientAsync(Entry entry, ScopeSet known, string folder, CancellationToken cancellationToken)
    {
        var problems = new List<MetadataProblem>();
        var secret = await DeclaredClients.TakeSecretAsync(entry, folder, problems, cancellationToken);
        return problems.Count > 0 ? null : await clients.FindAsync(new ClientDraft(entry.Key, entry.Members, secret), known, cancellationToken);
    }

    // What is right by itself may be refused with others, also with what is not of the file.
    private async Task<bool> FitAsync(Declaration declaration, ScopeSet known, Progress progress, CancellationToken cancellationToken)
    {
        DeclaredScopes.CheckClients(declaration.Resources, declaration.Scopes, await clients.IdentifiersAsync(cancellationToken), progress);
        DeclaredScopes.CheckMappings(declaration, known, progress);
        return progress.Errors.Count == 0 && !await access.InheritInCirclesAsync(declaration.Roles, cancellationToken);
    }

    private async Task<Guid?> FindUserAsync(Entry entry, CancellationToken cancellationToken) =>
        DeclaredPeople.TakeUser(entry, []) is { } declared ? await accounts.FindUserAsync(declared, cancellationToken) : null;
}
