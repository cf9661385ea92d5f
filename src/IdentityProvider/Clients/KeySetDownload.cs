using System.Net;
using System.Text;
using IdentityProvider.Protocol;

namespace IdentityProvider.Clients;

/// <summary>
/// Fetches a JWK Set from where a client says it publishes it. The address is somebody else's choice, so the answer is limited in size and time,
/// redirects are not followed, and only public addresses are called (<see cref="OutgoingGuard"/>).
/// </summary>
internal sealed class KeySetDownload(OutgoingGuard guard) : IDisposable
{
    private const int LongestAnswer = 64 * 1024;
    private static readonly TimeSpan timeLimit = TimeSpan.FromSeconds(5);

    private readonly HttpClient http = new(guard.NewHandler())
    {
        Timeout = timeLimit,
        MaxResponseContentBufferSize = LongestAnswer,
        DefaultRequestHeaders = { { "Accept", "application/jwk-set+json, application/json" }, { "User-Agent", "IdentityProvider" } },
    };

    /// <returns>The keys, or why there are none: for the operator's eyes only, since it tells what this server can reach.</returns>
    public async Task<(ClientKeySet? Keys, string? Problem)> ReadAsync(Uri address)
    {
        try
        {
            // Several requests may wait for this answer; none of them may cancel it for the others.
            using var response = await http.GetAsync(address, CancellationToken.None);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return (null, $"The answer was {(int)response.StatusCode} {response.ReasonPhrase}.");
            }

            var body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(CancellationToken.None));
            return ClientKeySet.Parse(body) is { } keys ? (keys, null) : (null, "The answer was no JWK Set (RFC 7517 §5).");
        }
        catch (HttpRequestException exception)
        {
            return (null, exception.InnerException is { } inner ? $"{exception.Message} {inner.Message}" : exception.Message);
        }
        catch (OperationCanceledException)
        {
            return (null, $"There was no complete answer within {timeLimit.TotalSeconds} seconds.");
        }
    }

    public void Dispose() => http.Dispose();
}
