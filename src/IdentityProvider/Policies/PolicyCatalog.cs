using IdentityProvider.Data;
using IdentityProvider.Jobs;

namespace IdentityProvider.Policies;

/// <summary>
/// The policies of all APIs, kept in memory for every request of this process. Forgotten when this node changes a resource,
/// and within about a second when another node does.
/// </summary>
internal sealed class PolicyCatalog
{
    private readonly Statements statements;
    private volatile Generation current = new();

    public PolicyCatalog(Statements statements, ChangeWatch watch)
    {
        this.statements = statements;
        watch.On(ChangeStamps.Scopes, Forget);
    }

    public async ValueTask<PolicySet> GetAsync(CancellationToken cancellationToken)
    {
        // A load keeps the generation it began with: what it read before a change never enters the generation after it.
        var generation = current;
        if (generation.Value is { } known)
        {
            return known;
        }

        return generation.Value = await PolicyRows.ReadAsync(statements, cancellationToken);
    }

    /// <summary>Drops everything: the next request reads what is stored now.</summary>
    public void Forget() => current = new Generation();

    private sealed class Generation
    {
        public PolicySet? Value { get; set; }
    }
}
