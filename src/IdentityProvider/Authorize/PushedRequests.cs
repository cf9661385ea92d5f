using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;

namespace IdentityProvider.Authorize;

/// <summary>
/// Requests that clients pushed (RFC 9126): pending requests that wait for their browser. The client names one by a reference of 256 random bits,
/// of which only the hash is kept.
/// </summary>
internal sealed class PushedRequests(PendingRequests pendingRequests, TimeProvider clock)
{
    // RFC 9126 §2.2 asks for a name of the server's choice; this one is everybody's.
    private const string Prefix = "urn:ietf:params:oauth:request_uri:";

    /// <summary>How long a client has to send the browser here. Once opened, the request waits for its person like any other.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromSeconds(90);

    public static bool IsReference(string? requestUri) => requestUri?.StartsWith(Prefix, StringComparison.Ordinal) is true;

    /// <returns>The <c>request_uri</c>.</returns>
    public async Task<string> StoreAsync(OpenIddictRequest request, CancellationToken cancellationToken)
    {
        var requestUri = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await pendingRequests.StorePushedAsync(request, HashOf(requestUri), Lifetime, cancellationToken);
        return requestUri;
    }

    public async Task<PushedOpening> OpenAsync(HttpContext http, string clientId, string requestUri, CancellationToken cancellationToken)
    {
        var pending = await pendingRequests.FindPushedAsync(HashOf(requestUri), cancellationToken);
        if (pending is null || pending.ClientId != clientId || pending.ExpiresAt <= clock.GetUtcNow().UtcDateTime)
        {
            return new PushedOpening.Refused("The request_uri is not known, has expired, or belongs to another client.");
        }

        if (pending.CompletedAt is not null)
        {
            return new PushedOpening.Refused("The request_uri has already been used.");
        }

        // A form posted from the client's site comes without our cookies: the browser is known once it continues by GET.
        if (HttpMethods.IsPost(http.Request.Method))
        {
            return new PushedOpening.Opened(pending);
        }

        return await pendingRequests.InBrowserAsync(http, pending, cancellationToken) is { } opened
            ? new PushedOpening.Opened(opened)
            : new PushedOpening.Refused("The request_uri has already been opened in another browser.");
    }

    private static byte[] HashOf(string requestUri) => SHA256.HashData(Encoding.UTF8.GetBytes(requestUri));
}

/// <summary>What became of a <c>request_uri</c> that a browser brought.</summary>
internal abstract record PushedOpening
{
    private PushedOpening()
    {
    }

    public sealed record Opened(PendingRequest Pending) : PushedOpening;

    /// <param name="Reason">One ASCII sentence for the client's developer.</param>
    public sealed record Refused(string Reason) : PushedOpening;
}
