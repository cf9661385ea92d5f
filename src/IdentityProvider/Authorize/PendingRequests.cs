using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Authorize;

/// <summary>The requests that wait for a person's answer.</summary>
internal sealed class PendingRequests(PendingRequestRows rows, BrowserBinding browser, TimeProvider clock)
{
    /// <summary>The query parameter with which pages carry a pending request.</summary>
    public const string Parameter = "pending";

    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(24);

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    // The browser that posted it is sent on to open it at once.
    private static readonly TimeSpan unboundLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Stores a request.</summary>
    /// <param name="bound">False for one that was POSTed across sites: the browser sent none of its cookies, so the first to open it becomes its browser.</param>
    public async Task<PendingRequest> StoreAsync(HttpContext http, OpenIddictRequest request, bool bound, CancellationToken cancellationToken)
    {
        var pending = NewRow(request, bound ? Lifetime : unboundLifetime, bound ? browser.Ensure(http) : null, pushedReference: null);
        await rows.AddAsync(pending, cancellationToken);
        return pending;
    }

    /// <summary>Stores a request that its client pushed: the first browser to open it becomes its browser.</summary>
    /// <param name="reference">The hash of what the client gets to name it by.</param>
    public Task StorePushedAsync(OpenIddictRequest request, byte[] reference, TimeSpan lifetime, CancellationToken cancellationToken) =>
        rows.AddAsync(NewRow(request, lifetime, browserHash: null, reference), cancellationToken);

    public ValueTask<PendingRequest?> FindPushedAsync(byte[] reference, CancellationToken cancellationToken) =>
        rows.FindPushedAsync(reference, cancellationToken);

    /// <summary>The request with this id, when it has not expired and this browser is the one that started it; otherwise null.</summary>
    public async Task<PendingRequest?> FindAsync(HttpContext http, string? id, CancellationToken cancellationToken)
    {
        // PostgreSQL takes no text with a null character in it, not even to look for it.
        if (id is not { Length: > 0 and <= 32 } || id.Any(char.IsControl))
        {
            return null;
        }

        return await rows.FindAsync(id, cancellationToken) is { CompletedAt: null } pending && pending.ExpiresAt > Now
            ? await InBrowserAsync(http, pending, cancellationToken)
            : null;
    }

    /// <summary>The request, when this browser is its browser or becomes it now; otherwise null.</summary>
    public async Task<PendingRequest?> InBrowserAsync(HttpContext http, PendingRequest pending, CancellationToken cancellationToken)
    {
        if (pending.BrowserHash is null)
        {
            return await BindAsync(http, pending, cancellationToken);
        }

        return browser.Find(http) is { } hash && CryptographicOperations.FixedTimeEquals(hash, pending.BrowserHash) ? pending : null;
    }

    /// <summary>Whether the client may be answered: always, except that a pushed request has one answer (RFC 9126 §4).</summary>
    public async Task<bool> MayAnswerAsync(PendingRequest? pending, CancellationToken cancellationToken) =>
        pending?.PushedReference is null || await rows.CompleteAsync(pending.Id, Now, cancellationToken);

    public Task DenyAsync(string id, CancellationToken cancellationToken) => rows.DenyAsync(id, Now, cancellationToken);

    /// <summary>Somebody who cancelled may go back and sign in after all.</summary>
    public Task ForgetDenialAsync(string id, CancellationToken cancellationToken) => rows.ForgetDenialAsync(id, cancellationToken);

    public Task ChooseSessionAsync(string id, string sid, CancellationToken cancellationToken) => rows.ChooseSessionAsync(id, sid, cancellationToken);

    private async Task<PendingRequest?> BindAsync(HttpContext http, PendingRequest pending, CancellationToken cancellationToken)
    {
        var hash = browser.Ensure(http);
        // It begins here: a request that lay around unopened must not count an earlier sign-in as an answer to it.
        var now = Now;
        var bound = await rows.BindAsync(pending.Id, hash, now, now + Lifetime, cancellationToken);
        var opened = await rows.FindAsync(pending.Id, cancellationToken);
        // Two browsers opened it at once: one of them won. One browser that opened it twice is still that browser.
        return bound || CryptographicOperations.FixedTimeEquals(opened?.BrowserHash ?? [], hash) ? opened : null;
    }

    private PendingRequest NewRow(OpenIddictRequest request, TimeSpan lifetime, byte[]? browserHash, byte[]? pushedReference)
    {
        var now = Now;
        return new PendingRequest
        {
            Id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            ClientId = request.ClientId ?? "",
            Parameters = JsonSerializer.Serialize(WithoutCredentials(request)),
            StartedAt = now,
            ExpiresAt = now + lifetime,
            BrowserHash = browserHash,
            PushedReference = pushedReference,
        };
    }

    // What proves who the client is, is no part of what it asks for, and must not lie in a table.
    private static OpenIddictRequest WithoutCredentials(OpenIddictRequest request) =>
        new(request.GetParameters().Where(parameter =>
            parameter.Key is not (Parameters.ClientSecret or Parameters.ClientAssertion or Parameters.ClientAssertionType)));
}
