using System.Net;
using System.Text.Json;
using IdentityProvider.Protocol;

namespace IdentityProvider.Clients;

/// <summary>
/// Reads what a <c>sector_identifier_uri</c> leads to (OpenID Connect Dynamic Client Registration §5), so that a client cannot join a sector
/// that does not know it. What was read is remembered for the change at hand: it can be read before a transaction begins and used within.
/// </summary>
internal sealed class SectorDocuments(OutgoingGuard guard)
{
    private const string Member = "sector_identifier_uri";
    private const int MaximumBytes = 64 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Document> read = new(StringComparer.Ordinal);

    /// <summary>Whether a change is one that the sector must know of.</summary>
    public static bool Concerns(ClientMetadata? before, ClientMetadata after) =>
        after.SectorIdentifierUri is not null
        && (before?.SectorIdentifierUri != after.SectorIdentifierUri || !after.RedirectUris.All(before.RedirectUris.Contains));

    /// <summary>What is wrong with a client's being in its sector.</summary>
    public async Task<IReadOnlyList<MetadataProblem>> CheckAsync(ClientMetadata metadata, CancellationToken cancellationToken)
    {
        var address = metadata.SectorIdentifierUri!;
        var document = await ReadAsync(address, cancellationToken);
        return document.RedirectUris is not { } known
            ? [new(Member, $"The document at {address} cannot be used: {document.Fault}")]
            : [.. metadata.RedirectUris.Where(uri => !known.Contains(uri))
                .Select(uri => new MetadataProblem(Member, $"The document at {address} does not list the redirect URI {uri}."))];
    }

    public async Task<Document> ReadAsync(string address, CancellationToken cancellationToken)
    {
        if (!read.TryGetValue(address, out var document))
        {
            document = read[address] = await FetchAsync(address, cancellationToken);
        }

        return document;
    }

    private async Task<Document> FetchAsync(string address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(guard.NewHandler()) { Timeout = Timeout, MaxResponseContentBufferSize = MaximumBytes };
        try
        {
            using var response = await client.GetAsync(new Uri(address), cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return new Document(null, $"it was answered with {(int)response.StatusCode}.");
            }

            var uris = JsonSerializer.Deserialize<HashSet<string>>(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return new Document(uris, "it is empty.");
        }
        catch (JsonException)
        {
            return new Document(null, "it is no JSON array of redirect URIs.");
        }
        catch (HttpRequestException exception)
        {
            return new Document(null, exception.Message);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Document(null, $"it was not answered within {Timeout.TotalSeconds:0} seconds.");
        }
    }

    /// <param name="RedirectUris">What the document lists; null when it could not be read.</param>
    /// <param name="Fault">Why not.</param>
    internal sealed record Document(IReadOnlySet<string>? RedirectUris, string Fault);
}
