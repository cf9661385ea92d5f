using IdentityProvider.Data;
using IdentityProvider.Jobs;

namespace IdentityProvider.Permissions;

/// <summary>
/// The model, kept in memory for every request of this process. Forgotten when this node changes it, and within about a second when another node does.
/// </summary>
internal sealed class AccessCatalog
{
    private readonly Statements statements;
    private volatile Generation current = new();

    public AccessCatalog(Statements statements, ChangeWatch watch)
    {
        this.statements = statements;
        watch.On(ChangeStamps.Permissions, Forget);
    }

    public async ValueTask<AccessModel> GetAsync(CancellationToken cancellationToken)
    {
        // A load keeps the generation it began with: what it read before a change never enters the generation after it.
        var generation = current;
        if (generation.Value is { } known)
        {
            return known;
        }

        return generation.Value = await AccessRows.ReadAsync(statements, cancellationToken);
    }

    /// <summary>Drops everything: the next request reads what is stored now.</summary>
    public void Forget() => current = new Generation();

    private sealed class Generation
    {
        public AccessModel? Value { get; set; }
    }
}
