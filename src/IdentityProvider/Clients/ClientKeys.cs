using System.Collections.Concurrent;
using IdentityProvider.Audit;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Clients;

/// <summary>
/// The keys with which clients sign: registered as <c>jwks</c>, or published at their <c>jwks_uri</c> and kept in memory for a while.
/// </summary>
internal sealed partial class ClientKeys(KeySetDownload download, AuditLog audit, TimeProvider clock, ILogger<ClientKeys> logger)
{
    // Addresses that no client registers any more stay in here; only so many.
    private const int RememberedAddresses = 10_000;

    private readonly ConcurrentDictionary<string, PublishedKeys> published = new(StringComparer.Ordinal);

    /// <summary>The keys of a client; null when its <c>jwks_uri</c> could not be read.</summary>
    public async ValueTask<ClientKeySet?> FindAsync(RegisteredClient client, CancellationToken cancellationToken) =>
        client.Metadata.JwksUri is { } address
            ? await At(address, client.ClientId).ReadAsync(outdated: null, cancellationToken)
            : client.Keys;

    /// <summary>Keys that the client may have published since; null when there are none, or when it is too early to ask again.</summary>
    public async ValueTask<ClientKeySet?> FindNewerAsync(RegisteredClient client, ClientKeySet than, CancellationToken cancellationToken) =>
        client.Metadata.JwksUri is { } address ? await At(address, client.ClientId).ReadAsync(than, cancellationToken) : null;

    private PublishedKeys At(string address, string clientId)
    {
        if (published.TryGetValue(address, out var known))
        {
            return known;
        }

        if (published.Count >= RememberedAddresses)
        {
            published.Clear();
        }

        return published.GetOrAdd(address, _ => new PublishedKeys(() => DownloadAsync(address, clientId), clock));
    }

    private async Task<ClientKeySet?> DownloadAsync(string address, string clientId)
    {
        var (keys, problem) = await download.ReadAsync(new Uri(address, UriKind.Absolute));
        if (problem is not null)
        {
            // Some of the words are those of the client's website, which must not speak to the terminal they are read on.
            var told = AuditText.Fit(problem, AuditText.Reason)!;
            Log.Unreadable(logger, clientId, address, told);
            audit.Record(AuditEventType.ClientKeysUnreadable, succeeded: false, clientId: clientId, reason: $"{address}: {told}");
        }

        return keys;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The keys of client {ClientId} could not be read at {JwksUri}: {Problem}")]
        public static partial void Unreadable(ILogger logger, string clientId, string jwksUri, string problem);
    }
}
