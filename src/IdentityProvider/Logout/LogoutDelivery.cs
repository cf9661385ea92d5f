using System.Text.Json;
using IdentityProvider.Sessions;

namespace IdentityProvider.Logout;

/// <summary>
/// That one client is to be told of the end of one session, and what came of it. Written in the transaction that ends the session,
/// so that neither is ever there without the other.
/// </summary>
internal sealed class LogoutDelivery
{
    public Guid Id { get; init; }

    /// <summary>The receipt it belongs to: everything that one act ended of one person.</summary>
    public Guid LogoutId { get; init; }

    /// <summary>The <c>sid</c> that the client knows.</summary>
    public string SessionId { get; init; } = "";

    public SessionEndReason Reason { get; init; }

    public string ClientId { get; init; } = "";

    /// <summary>What the client was called when the session ended: a receipt outlives a registration.</summary>
    public string ClientName { get; init; } = "";

    /// <summary>Where it was told last, or is to be told first.</summary>
    public string Uri { get; init; } = "";

    /// <summary>The person.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The <c>sub</c> by which this client knew the person.</summary>
    public string ClientSubject { get; init; } = "";

    public DateTime CreatedAt { get; init; }

    public LogoutDeliveryState State { get; init; }

    /// <summary>From when on somebody may try. Whoever does moves it ahead first, so that nobody else tries meanwhile; null when it is over.</summary>
    public DateTime? DueAt { get; init; }

    /// <summary>Who tries: one taking, not one node.</summary>
    public Guid? Holder { get; init; }

    /// <summary>When it was delivered or given up.</summary>
    public DateTime? ClosedAt { get; init; }

    /// <summary>Every attempt (<see cref="LogoutAttempt"/>), as JSON; there are only so many (<see cref="LogoutRetries"/>).</summary>
    public string Attempts { get; init; } = "[]";

    public DateTime ExpiresAt { get; init; }

    public IReadOnlyList<LogoutAttempt> ReadAttempts() => JsonSerializer.Deserialize<List<LogoutAttempt>>(Attempts) ?? [];
}

internal enum LogoutDeliveryState
{
    Waiting,
    Delivered,
    GivenUp,
}

/// <summary>One attempt to tell a client. What it answered besides its status is nobody's business.</summary>
/// <param name="Status">The HTTP status, where there was one.</param>
/// <param name="Note">Why there was none, for the administrator's eyes.</param>
internal sealed record LogoutAttempt(DateTime At, LogoutOutcome Outcome, int? Status, int Milliseconds, string? Note);

[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<LogoutOutcome>))]
internal enum LogoutOutcome
{
    Delivered,

    /// <summary>400: the client could not end its session, or did not like the token (OpenID Connect Back-Channel Logout §2.8).</summary>
    Refused,

    /// <summary>3xx, which is not followed: only the registered address is told.</summary>
    Redirected,

    /// <summary>Any other status.</summary>
    Failed,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>No connection, one that broke, an untrusted certificate, or an address that this server does not call.</summary>
    Unreachable,

    /// <summary>The client is gone or no longer wants to be told.</summary>
    Withdrawn,
}
