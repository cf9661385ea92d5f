using System.Net;
using System.Security.Authentication;
using IdentityProvider.Audit;
using IdentityProvider.Protocol;

namespace IdentityProvider.Logout;

/// <summary>
/// Posts a logout token to where a client wants it (OpenID Connect Back-Channel Logout §2.5). The address is somebody else's choice:
/// limited in time, nothing of the answer is read but its status, redirects are not followed, and only public addresses are called (<see cref="OutgoingGuard"/>).
/// </summary>
internal sealed class LogoutCall(OutgoingGuard guard) : IDisposable
{
    private const int LongestNote = 160;
    private static readonly TimeSpan timeLimit = TimeSpan.FromSeconds(5);

    // Opened when the first client is told: a server on which nobody signs out needs no HTTP client in memory.
    private readonly Lazy<Line> line = new(() => new Line(guard));

    /// <returns>What came of it: the status, or why there is none.</returns>
    public async Task<(LogoutOutcome Outcome, int? Status, string? Note)> PostAsync(string uri, string token, CancellationToken stopping)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, uri);
            request.Content = new FormUrlEncodedContent([new("logout_token", token)]);
            using var response = await line.Value.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stopping);
            return (OutcomeOf(response.StatusCode), (int)response.StatusCode, null);
        }
        catch (HttpRequestException exception)
        {
            var text = exception.InnerException is { } inner ? $"{exception.Message} {inner.Message}" : exception.Message;
            return (LogoutOutcome.Unreachable, null, AuditText.Fit(text, LongestNote));
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return (LogoutOutcome.TimedOut, null, null);
        }
    }

    public void Dispose()
    {
        if (line.IsValueCreated)
        {
            line.Value.Dispose();
        }
    }

    // §2.8: 200, and 204 where a framework answers so to an empty body.
    private static LogoutOutcome OutcomeOf(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => LogoutOutcome.Delivered,
        >= 300 and < 400 => LogoutOutcome.Redirected,
        400 => LogoutOutcome.Refused,
        _ => LogoutOutcome.Failed,
    };

    private sealed class Line : IDisposable
    {
        public Line(OutgoingGuard guard)
        {
            var handler = guard.NewHandler();
            // Of an answer that goes on and on the connection is closed rather than read to its end.
            handler.MaxResponseDrainSize = 16 * 1024;
            // §2.5: by TLS as the BCP wants it (RFC 9325 §3.1.1), and to whom the certificate names.
#pragma warning disable CA5398 // A floor, which an operating system's own settings may raise further.
            handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
#pragma warning restore CA5398
            Http = new HttpClient(handler) { Timeout = timeLimit, DefaultRequestHeaders = { { "User-Agent", "IdentityProvider" } } };
        }

        public HttpClient Http { get; }

        public void Dispose() => Http.Dispose();
    }
}
