using System.Collections.Concurrent;
using System.Globalization;

namespace IdentityProvider.Sandbox.WebApp;

/// <summary>
/// The sessions that the provider told this app are over. They are kept in a file, because the cookies that they belong to outlive this process;
/// an app on several machines would use a table or a distributed cache.
/// </summary>
internal sealed class EndedSessions : IDisposable
{
    // A cookie of this app does not live longer.
    private static readonly TimeSpan kept = TimeSpan.FromDays(30);

    private readonly ConcurrentDictionary<string, byte> sids;
    private readonly SemaphoreSlim writing = new(1);
    private readonly string path;
    private readonly TimeProvider clock;

    public EndedSessions(string path, TimeProvider clock)
    {
        (this.path, this.clock) = (path, clock);
        var oldest = (clock.GetUtcNow() - kept).ToUnixTimeSeconds();
        sids = new(
            from line in File.Exists(path) ? File.ReadAllLines(path) : []
            let parts = line.Split(' ', 2)
            where parts.Length == 2 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var ended) && ended > oldest
            select KeyValuePair.Create(parts[1], (byte)0));
    }

    public void Dispose() => writing.Dispose();

    public bool Contains(string sid) => sids.ContainsKey(sid);

    /// <summary>Returns when it is in the file: only then may the provider be told so.</summary>
    public async Task AddAsync(string sid, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            await File.AppendAllTextAsync(path, $"{clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)} {sid}\n", cancellationToken);
            sids.TryAdd(sid, 0);
        }
        finally
        {
            writing.Release();
        }
    }
}
