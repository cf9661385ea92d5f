using System.Text.Json.Nodes;
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

    /// <summary>Refuses resources, and claim mappings, that name clients nobody knows.</summary>
    /// <param name="clients">Identifiers that exist or stand in the file.</param>
    public static void CheckClients(IReadOnlyList<Entry> resources, IReadOnlyList<Entry> scopes, IReadOnlySet<string> clients, Progress progress)
    {
        foreach (var entry in resources.Where(entry => !ScopeRules.ResourceMembers.Check(entry.Members).Any()))
        {
            progress.Refuse(entry, Unknown("clients", entry.Members["clients"], clients));
        }

        foreach (var entry in resources.Concat(scopes).Where(entry => !progress.IsRefused(entry)))
        {
            var mappings = entry.Members[ClaimMappingRules.Member] as JsonArray ?? [];
            progress.Refuse(entry, mappings.SelectMany((mapping, index) =>
                Unknown($"{ClaimMappingRules.Member}[{index}].{ClaimMappings.Clients}", mapping![ClaimMappings.Clients], clients)).ToList());
        }
    }

    /// <summary>Refuses claim mappings that make the same claim as those of another scope or resource.</summary>
    /// <param name="known">What is stored, what the file declares among it.</param>
    public static void CheckMappings(Declaration declaration, ScopeSet known, Progress progress)
    {
        foreach (var clash in ClaimMappingClashes.Find(known))
        {
            var entries = clash.OfScope ? declaration.Scopes : declaration.Resources;
            if (entries.FirstOrDefault(entry => entry.Key == clash.Key && entry.Members[ClaimMappingRules.Member] is not null) is { } entry)
            {
                progress.Refuse(entry, [new($"{ClaimMappingRules.Member}[{clash.Index}].{ClaimMappings.Claim}",
                    $"{clash.Other} makes the claim \"{clash.Claim}\" too, and one token could be for both: let only one of them, or name other clients.")]);
            }
        }
    }

    private static IEnumerable<MetadataProblem> Unknown(string path, JsonNode? names, IReadOnlySet<string> clients) =>
        (names as JsonArray ?? []).Select((name, index) => (Name: name!.GetValue<string>(), index))
        .Where(item => !clients.Contains(item.Name))
        .Select(item => new MetadataProblem($"{path}[{item.index}]", $"There is no client \"{item.Name}\"."));

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
