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
        return await current.LoadAsync(statements).WaitAsync(cancellationToken);
    }

    /// <summary>The model as it is stored at this moment, for whoever decides by it what others get.</summary>
    public Task<AccessModel> ReadStoredAsync(CancellationToken cancellationToken) => AccessRows.ReadAsync(statements, cancellationToken);

    /// <summary>Drops everything: the next request reads what is stored now.</summary>
    public void Forget() => current = new Generation();

    private sealed class Generation
    {
        private readonly Lock turn = new();
        private volatile Task<AccessModel>? load;

        /// <summary>One load for all who wait, so none of them may end it. One that failed is not kept: the next request tries again.</summary>
        public Task<AccessModel> LoadAsync(Statements statements)
        {
            if (load is { IsCompletedSuccessfully: true } loaded)
            {
                return loaded;
            }

            lock (turn)
            {
                if (load is null or { IsFaulted: true } or { IsCanceled: true })
                {
                    // SQLite reads without letting go of its thread; nobody waits for that in the lock.
                    load = Task.Run(() => AccessRows.ReadAsync(statements, CancellationToken.None));
                }

                return load;
            }
        }
    }
}
