using IdentityProvider.Protocol;
using IdentityProvider.Scopes;

namespace IdentityProvider.Declarations;

/// <summary>The <c>resources</c> and <c>scopes</c> of a declaration file.</summary>
internal sealed class DeclaredScopes(ScopeRegistry registry, DeclaredPolicies policies)
{
    public async Task StageResourcesAsync(IReadOnlyList<Entry> entries, Progress progress, CancellationToken cancellationToken)
    {
        var owned = DeclaredPolicies.Take(entries, progress);
        foreach (var entry in entries)
        {
            Note(DeclaredKind.Resource, entry, progress,
                await registry.StageResourceAsync(new ScopeDraft(entry.Key, entry.Members), cancellationToken));
        }

        await policies.StageAsync(owned, progress, cancellationToken);
    }

    /// <param name="resources">Identifiers that exist or stand in the file.</param>
    public async Task StageScopesAsync(
        IReadOnlyList<Entry> entries, IReadOnlySet<string> resources, Progress progress, CancellationToken cancellationToken)
    {
        foreach (var entry in entries)
        {
            Note(DeclaredKind.Scope, entry, progress,
                await registry.StageScopeAsync(new ScopeDraft(entry.Key, entry.Members), resources, cancellationToken));
        }
    }

    /// <summary>Refuses resources that name clients nobody knows.</summary>
    /// <param name="clients">Identifiers that exist or stand in the file.</param>
    public static void CheckClients(IReadOnlyList<Entry> resources, IReadOnlySet<string> clients, Progress progress)
    {
        foreach (var entry in resources)
        {
            if (ScopeRules.ResourceMembers.Check(entry.Members).Any() || entry.Members["clients"] is not { } names)
            {
                continue;
            }

            progress.Refuse(entry, names.AsArray().Select(name => name!.GetValue<string>())
                .Select((name, index) => (name, index))
                .Where(item => !clients.Contains(item.name))
                .Select(item => new MetadataProblem($"clients[{item.index}]", $"There is no client \"{item.name}\".")));
        }
    }

    private static void Note(DeclaredKind kind, Entry entry, Progress progress, ScopeChange change)
    {
        switch (change)
        {
            case ScopeChange.Created created:
                progress.Created(kind, created.Row);
                break;
            case ScopeChange.Updated updated:
                progress.Changed(kind, updated.Row);
                break;
            case ScopeChange.Unchanged unchanged:
                progress.Unchanged(kind, unchanged.Row);
                break;
            case ScopeChange.Invalid invalid:
                progress.Refuse(entry, invalid.Problems);
                break;
        }
    }
}
