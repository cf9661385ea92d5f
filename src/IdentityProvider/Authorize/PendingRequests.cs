using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using IdentityProvider.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityProvider.Authorize;

/// <summary>The requests that wait for a person's answer.</summary>
internal sealed class PendingRequests(AppDbContext db, BrowserBinding browser, TimeProvider clock)
{
    /// <summary>The query parameter with which pages carry a pending request.</summary>
    public const string Parameter = "pending";

    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(24);

    // The browser that posted it is sent on to open it at once.
    private static readonly TimeSpan unboundLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Stores a request.</summary>
    /// <param name="bound">False for one that was POSTed across sites: the browser sent none of its cookies, so the first to open it becomes its browser.</param>
    public async Task<PendingRequest> StoreAsync(HttpContext http, OpenIddictRequest request, bool bound, CancellationToken cancellationToken)
    {
        var pending = NewRow(request, bound ? Lifetime : unboundLifetime, bound ? browser.Ensure(http) : null, pushedReference: null);
        db.Add(pending);
        await db.SaveChangesAsync(cancellationToken);
        return pending;
    }

    /// <summary>Stores a request that its client pushed: the first browser to open it becomes its browser.</summary>
    /// <param name="reference">The hash of what the client gets to name it by.</param>
    public Task StorePushedAsync(OpenIddictRequest request, byte[] reference, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        db.Add(NewRow(request, lifetime, browserHash: null, reference));
        return db.SaveChangesAsync(cancellationToken);
    }

    public Task<PendingRequest?> FindPushedAsync(byte[] reference, CancellationToken cancellationToken) =>
        db.Set<PendingRequest>().AsNoTracking().SingleOrDefaultAsync(row => row.PushedReference == reference, cancellationToken);

    /// <summary>The request with this id, when it has not expired and this browser is the one that started it; otherwise null.</summary>
    public async Task<PendingRequest?> FindAsync(HttpContext http, string? id, CancellationToken cancellationToken)
    {
        // PostgreSQL takes no text with a null character in it, not even to look for it.
        if (id is not { Length: > 0 and <= 32 } || id.Any(char.IsControl))
        {
            return null;
        }

        var now = clock.GetUtcNow().UtcDateTime;
        var pending = await db.Set<PendingRequest>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == id && row.ExpiresAt > now && row.CompletedAt == null, cancellationToken);
        return pending is null ? null : await InBrowserAsync(http, pending, cancellationToken);
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
    public async Task<bool> MayAnswerAsync(PendingRequest? pending, CancellationToken cancellationToken)
    {
        if (pending?.PushedReference is null)
        {
            return true;
        }

        DateTime? now = clock.GetUtcNow().UtcDateTime;
        return await db.Set<PendingRequest>().Where(row => row.Id == pending.Id && row.CompletedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.CompletedAt, now), cancellationToken) == 1;
    }

    public Task DenyAsync(string id, CancellationToken cancellationToken)
    {
        DateTime? now = clock.GetUtcNow().UtcDateTime;
        return db.Set<PendingRequest>().Where(row => row.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.DeniedAt, now), cancellationToken);
    }

    /// <summary>Somebody who cancelled may go back and sign in after all.</summary>
    public Task ForgetDenialAsync(string id, CancellationToken cancellationToken) =>
        db.Set<PendingRequest>().Where(row => row.Id == id && row.DeniedAt != null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.DeniedAt, (DateTime?)null), cancellationToken);

    public Task ChooseSessionAsync(string id, string sid, CancellationToken cancellationToken) =>
        db.Set<PendingRequest>().Where(row => row.Id == id)
            .ExecuteUpdateAsync(set => set
                .SetProperty(row => row.ChosenSessionId, sid)
                .SetProperty(row => row.DeniedAt, (DateTime?)null), cancellationToken);

    private async Task<PendingRequest?> BindAsync(HttpContext http, PendingRequest pending, CancellationToken cancellationToken)
    {
        var hash = browser.Ensure(http);
        // It begins here: a request that lay around unopened must not count an earlier sign-in as an answer to it.
        var now = clock.GetUtcNow().UtcDateTime;
        var bound = await db.Set<PendingRequest>().Where(row => row.Id == pending.Id && row.BrowserHash == null)
            .ExecuteUpdateAsync(set => set
                .SetProperty(row => row.BrowserHash, hash)
                .SetProperty(row => row.StartedAt, now)
                .SetProperty(row => row.ExpiresAt, now + Lifetime), cancellationToken);
        var opened = await db.Set<PendingRequest>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == pending.Id, cancellationToken);
        // Two browsers opened it at once: one of them won. One browser that opened it twice is still that browser.
        return bound == 1 || CryptographicOperations.FixedTimeEquals(opened?.BrowserHash ?? [], hash) ? opened : null;
    }

    private PendingRequest NewRow(OpenIddictRequest request, TimeSpan lifetime, byte[]? browserHash, byte[]? pushedReference)
    {
        var now = clock.GetUtcNow().UtcDateTime;
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
