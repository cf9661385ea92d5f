using IdentityProvider.Benchmarks.Load;
using IdentityProvider.Benchmarks.Servers;

namespace IdentityProvider.Benchmarks;

/// <summary>What every kind of run stands on: a folder that goes away in the end, the published Host, and the application that is told of logouts.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private int storages;

    private Stage(string folder, LogoutReceiver receiver, HostServer host) => (Folder, Receiver, Host) = (folder, receiver, host);

    public string Folder { get; }

    public LogoutReceiver Receiver { get; }

    public HostServer Host { get; }

    public static async Task<Stage> SetAsync(BenchmarkOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("identityprovider-benchmarks-").FullName;
        try
        {
            var host = options.Host is { } given ? PublishedHost.In(given.FullName) : await PublishedHost.PublishAsync(folder);
            var receiver = await LogoutReceiver.StartAsync(folder);
            return new Stage(folder, receiver, new HostServer(host, receiver));
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>A fresh database.</summary>
    public Task<HostStorage> NewStorageAsync(DatabaseKind database) =>
        HostStorage.CreateAsync(Folder, FormattableString.Invariant($"storage-{++storages}"), database);

    public async ValueTask DisposeAsync()
    {
        await Receiver.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
