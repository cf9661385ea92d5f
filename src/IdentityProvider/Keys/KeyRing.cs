using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace IdentityProvider.Keys;

/// <summary>
/// The signing keys of this process. Loaded before the first request, loaded again when any node changes a key,
/// and looked through every second for a key whose time has come.
/// </summary>
internal sealed class KeyRing : IOptionsChangeTokenSource<OpenIddictServerOptions>, IDisposable
{
    private readonly Statements statements;
    private readonly KeyMaterial material;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim refreshing = new(1, 1);
    private volatile State? current;
    private volatile bool stale = true;
    private ConfigurationReloadToken changed = new();

    public KeyRing(Statements statements, KeyMaterial material, TimeProvider clock, ChangeWatch watch)
    {
        (this.statements, this.material, this.clock) = (statements, material, clock);
        watch.On(ChangeStamps.Keys, () => stale = true);
    }

    /// <summary>All keys of the key set, those that sign first.</summary>
    public IReadOnlyList<SigningCredentials> Published => Loaded.Credentials;

    public bool IsLoaded => current is not null;

    /// <summary>The key that signs with this algorithm now; null when this node knows none. Whoever signs asks <see cref="SignatureKeys"/>.</summary>
    public SigningCredentials? Find(string algorithm) => Loaded.Credentials.FirstOrDefault(credentials => credentials.Algorithm == algorithm);

    string? IOptionsChangeTokenSource<OpenIddictServerOptions>.Name => Options.DefaultName;

    IChangeToken IOptionsChangeTokenSource<OpenIddictServerOptions>.GetChangeToken() => Volatile.Read(ref changed);

    /// <summary>Reads the keys again if any node has changed them, and puts them in the order of this moment.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        // One at a time: of two, the one that read first might otherwise put its older keys over the newer ones.
        await refreshing.WaitAsync(cancellationToken);
        try
        {
            await RefreshInTurnAsync(cancellationToken);
        }
        finally
        {
            refreshing.Release();
        }
    }

    /// <summary>The keys of the database, as they are at this moment.</summary>
    public ValueTask<List<SigningKey>> ReadStoredAsync(CancellationToken cancellationToken) => statements.ReadSigningKeysAsync(cancellationToken);

    /// <summary>The next refresh reads the database.</summary>
    public void Forget() => stale = true;

    public void Dispose() => refreshing.Dispose();

    private async Task RefreshInTurnAsync(CancellationToken cancellationToken)
    {
        if (stale)
        {
            // Before reading: a change that happens meanwhile makes the ring stale again.
            stale = false;
            try
            {
                Use(await LoadAsync(cancellationToken));
            }
            catch
            {
                stale = true;
                throw;
            }
        }
        else if (current is { } state)
        {
            Use(state);
        }
    }

    private State Loaded => current ?? throw new InvalidOperationException("The key ring is used before it was loaded.");

    private async Task<State> LoadAsync(CancellationToken cancellationToken)
    {
        var rows = await statements.ReadSigningKeysAsync(cancellationToken);
        var known = current?.Unwrapped ?? new Dictionary<string, SigningCredentials>(StringComparer.Ordinal);
        return new State(rows, rows.ToDictionary(row => row.Kid, row => known.GetValueOrDefault(row.Kid) ?? material.Unwrap(row), StringComparer.Ordinal), []);
    }

    private void Use(State state)
    {
        var ordered = KeyLife.Order(state.Rows, clock.GetUtcNow().UtcDateTime)
            .Where(entry => entry.State != KeyState.Deleted)
            .Select(entry => state.Unwrapped[entry.Key.Kid])
            .ToList();
        var before = current;
        current = state with { Credentials = ordered };
        if (before is null || !before.Credentials.SequenceEqual(ordered))
        {
            // The library's options hold the keys: have them built again from here.
            Interlocked.Exchange(ref changed, new ConfigurationReloadToken()).OnReload();
        }
    }

    private sealed record State(
        IReadOnlyList<SigningKey> Rows, IReadOnlyDictionary<string, SigningCredentials> Unwrapped, IReadOnlyList<SigningCredentials> Credentials);
}
