namespace IdentityProvider.Audit;

/// <summary>Who did what to which thing, from where, with what outcome. A row, not a log line.</summary>
internal sealed class AuditEvent
{
    public Guid Id { get; init; }
    public DateTime At { get; init; }
    public AuditEventType Type { get; init; }

    /// <summary>False for a refusal.</summary>
    public bool Succeeded { get; init; }

    /// <summary>The person concerned, where one is known.</summary>
    public string? Subject { get; init; }
    public string? ClientId { get; init; }

    /// <summary>Whoever did it in administration, where that is a person: their subject. What a person does for themselves, and the command line, has none.</summary>
    public string? ActorSubject { get; init; }

    /// <summary>The client with which they did it, or which did it for itself.</summary>
    public string? ActorClientId { get; init; }

    public string? SessionId { get; init; }

    /// <summary>The caller's address as the configured proxies tell it.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>Why, in one sentence for the administrator. Never a secret, a token or a whole request.</summary>
    public string? Reason { get; init; }

    /// <summary>The request's trace id, so that a person's error page and this row can be brought together.</summary>
    public string? TraceId { get; init; }
}
