using System.Collections.Concurrent;
using IdentityProvider.Data;

namespace IdentityProvider.Jobs;

/// <summary>
/// Tells this node's caches when another node changed what they hold: one small query a second for all of them,
/// so that no request pays for the question.
/// </summary>
internal sealed class ChangeWatch(Statements statements)
{
    private static readonly Statement read = new("""SELECT "Name", "Version" FROM "ChangeStamps" """);

    private readonly ConcurrentDictionary<string, Watched> watched = new(StringComparer.Ordinal);

    /// <summary>Calls <paramref name="changed"/> whenever the stamp has moved, and once at the first look.</summary>
    public void On(string stamp, Action changed) =>
        watched.GetOrAdd(stamp, _ => new Watched()).Changed += changed;

    /// <summary>Reads all stamps and calls whom it concerns.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var stamps = await statements.ReadAllAsync(read, static row => (Name: row.GetString(0), Version: row.GetInt64(1)), cancellationToken);
        foreach (var (name, version) in stamps)
        {
            if (watched.TryGetValue(name, out var entry))
            {
                entry.Saw(version);
            }
        }
    }

    private sealed class Watched
    {
        // Unknown at first: what a cache read before the first look may already be old.
        private long version = -1;

        public event Action? Changed;

        public void Saw(long seen)
        {
            if (Interlocked.Exchange(ref version, seen) != seen)
            {
                Changed?.Invoke();
            }
        }
    }
}
